import { expect, test } from '@jest/globals';
import { sendJson } from '@landbridge/testing/tiny-server';
import { ABSENT, errorOf, PROFILE, startStandIn } from './stand-in.ts';

const base = '/acme/campaign/profileAndServicesExt/profile';
const href = (origin: string) => `${origin}${base}/@pkey`;

test('one record is read bare or wrapped, and is null when Campaign knows no such key', async () => {
  let answer: [unknown, number] = [{ PKey: '@p', href: 'h', email: 'a' }, 200];
  await using world = await startStandIn((_, response) =>
    sendJson(response, answer[0], { status: answer[1] }),
  );
  const record = { href: 'h', pkey: '@p', fields: { PKey: '@p', href: 'h', email: 'a' } };
  expect(await world.client.getByKey(PROFILE, 'a/b')).toEqual({ value: record, calls: 1 });
  expect(world.asked()[0]).toMatchObject({ method: 'GET', url: `${base}/a%2Fb` });
  answer = [{ content: { PKey: '@p', href: 'h', email: 'a' } }, 200];
  expect((await world.client.getByKey(PROFILE, 'a')).value).toEqual(record);
  answer = [JSON.stringify(ABSENT), 404];
  expect(await world.client.getByKey(PROFILE, 'a')).toEqual({ value: null, calls: 1 });
  answer = ['<html>', 404];
  expect(await errorOf(world.client.getByKey(PROFILE, 'a'))).toMatchObject({ kind: 'transient' });
});

test('writes are one call each, and an empty change is none', async () => {
  await using world = await startStandIn((seen, response) => {
    if (seen.method === 'DELETE') response.writeHead(204).end();
    else if (seen.method === 'POST') {
      sendJson(response, { PKey: '@p', href: 'h' }, { status: 201 });
    } else response.writeHead(200).end();
  });
  const { client } = world;
  const body = { location: { city: 'Lyon' } };
  expect((await client.insert(PROFILE, body)).value.pkey).toBe('@p');
  expect((await client.patchByKey(PROFILE, 'k', body)).calls).toBe(1);
  expect((await client.deleteByKey(PROFILE, 'k')).calls).toBe(1);
  expect((await client.patchHref(href(world.server.origin), body)).calls).toBe(1);
  expect((await client.deleteHref(href(world.server.origin))).calls).toBe(1);
  expect((await client.patchByKey(PROFILE, 'k', {})).calls).toBe(0);
  expect((await client.patchHref(href(world.server.origin), {})).calls).toBe(0);
  expect(world.asked().map(({ method, url, body: sent }) => [method, url, sent])).toEqual([
    ['POST', base, JSON.stringify(body)],
    ['PATCH', `${base}/k`, JSON.stringify(body)],
    ['DELETE', `${base}/k`, ''],
    ['PATCH', `${base}/@pkey`, JSON.stringify(body)],
    ['DELETE', `${base}/@pkey`, ''],
  ]);
});

test('a key that would address something else is refused without a call', async () => {
  await using world = await startStandIn(() => undefined);
  const calls = [
    world.client.getByKey(PROFILE, '@p'),
    world.client.patchByKey(PROFILE, '', { a: 1 }),
    world.client.deleteByKey(PROFILE, '..'),
  ];
  for (const call of calls) expect(await errorOf(call)).toMatchObject({ status: 0, calls: 0 });
  expect(world.server.seen).toEqual([]);
});

test('a filter finds records by a value, whatever it holds', async () => {
  await using world = await startStandIn((_, response) =>
    sendJson(response, { content: [{ PKey: '@p', href: 'h' }] }),
  );
  const by = { filter: 'byExternalId', parameter: 'externalId_parameter', value: "O'Brien&x=1" };
  const { value, calls } = await world.client.findByFilter(PROFILE, by);
  expect([value.length, calls]).toEqual([1, 1]);
  expect(world.asked()[0]?.url).toBe(`${base}/byExternalId?externalId_parameter=O'Brien%26x%3D1`);
});

test('pages follow the next link as it is', async () => {
  const next = `${base}?_lineCount=2&_forcePagination=true&_lineStart=@aB%2b_c=`;
  await using world = await startStandIn((seen, response) => {
    const link = seen.url.includes('_lineStart') ? {} : { href: `${world.server.origin}${next}` };
    const more = 'href' in link ? { next: link } : {};
    sendJson(response, { content: [{ PKey: '@p' }, 'scalar'], ...more });
  });
  const page = { lineCount: 2, order: 'email desc' };
  const one = await world.client.page(PROFILE, { ...page, link: null });
  const two = await world.client.page(PROFILE, { ...page, link: one.value.next });
  expect(two.value).toMatchObject({ records: [{ pkey: '@p' }], next: null });
  expect(world.asked().map(({ url }) => url)).toEqual([
    `${base}?_lineCount=2&_order=email%20desc&_forcePagination=true`,
    next,
  ]);
});

test('pages may be of what a filter finds', async () => {
  await using world = await startStandIn((_, response) => sendJson(response, { content: [] }));
  const by = { filter: 'byLastModified', parameter: 'at_parameter', value: '2026-11-24 10:00Z' };
  const { calls } = await world.client.page(PROFILE, { link: null, lineCount: 50, by });
  expect(calls).toBe(1);
  expect(world.asked()[0]?.url).toBe(
    `${base}/byLastModified?at_parameter=2026-11-24%2010%3A00Z&_lineCount=50&_forcePagination=true`,
  );
});
