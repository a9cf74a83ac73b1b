import { expect, test } from '@jest/globals';
import { sendJson } from '@landbridge/testing/tiny-server';
import { ChangeTrackingOff, CursorExpired, DeltaLinkMissing } from '../src/index.ts';
import { CONTACT, errorOf, ID, OTHER_ID, page, startStandIn } from './stand-in.ts';

const columns = ['firstname'];
const rows = { table: CONTACT, columns };
const path = '/api/data/v9.2/contacts';

test('a tracked read repeats its preferences on each page and ends in a delta link', async () => {
  await using world = await startStandIn((seen, response) => {
    const { origin } = world.server;
    const last = seen.url.includes('skiptoken');
    const link = last
      ? { '@odata.deltaLink': `${origin}${path}?$deltatoken=919%2108%2f22` }
      : { '@odata.nextLink': `${origin}${path}?$skiptoken=%3Ccookie%20x=%222%22` };
    sendJson(response, page([{ contactid: last ? OTHER_ID : ID }], link));
  });
  const tracked = { ...rows, pageRowsMax: 9_000, trackChanges: true };
  const one = await world.client.readPage({ ...tracked, link: null });
  const two = await world.client.readPage({ ...tracked, link: one.value.nextLink });
  expect(two.value).toMatchObject({ nextLink: null, rows: [{ id: OTHER_ID }] });
  await world.client.readPage({ ...tracked, link: two.value.deltaLink });
  expect(world.asked().map(({ url }) => url)).toEqual([
    `${path}?$select=contactid,firstname`,
    `${path}?$skiptoken=%3Ccookie%20x=%222%22`,
    `${path}?$deltatoken=919%2108%2f22`,
  ]);
  for (const { headers } of world.asked()) {
    expect(headers).toMatchObject({
      prefer: 'odata.track-changes,odata.maxpagesize=5000',
      'odata-version': '4.0',
      'odata-maxversion': '4.0',
      accept: 'application/json',
    });
  }
});

test('a last page without a delta link is an error, unless none was asked for', async () => {
  await using world = await startStandIn((_, response) => sendJson(response, page([])));
  const untracked = { ...rows, link: null, pageRowsMax: 10, trackChanges: false };
  expect((await world.client.readPage(untracked)).value).toMatchObject({ deltaLink: null });
  expect(world.asked()[0]).toMatchObject({
    url: `${path}?$select=contactid,firstname&$orderby=contactid%20asc`,
    headers: { prefer: 'odata.maxpagesize=10' },
  });
  const error = await errorOf(world.client.readPage({ ...untracked, trackChanges: true }));
  expect(error).toBeInstanceOf(DeltaLinkMissing);
});

test.each([
  [400, '0x80044352', 'x', CursorExpired],
  [404, '', 'Version stamp associated with the client has expired.', CursorExpired],
  [410, '', '', CursorExpired],
  [400, '0x80072491', 'x', ChangeTrackingOff],
])('a delta link refused with %i %s has a name', async (status, code, message, type) => {
  await using world = await startStandIn((_, response) =>
    sendJson(response, { error: { code, message } }, { status }),
  );
  const link = `${world.server.origin}${path}?$deltatoken=1`;
  const read = { ...rows, link, pageRowsMax: 10, trackChanges: true };
  const error = await errorOf(world.client.readPage(read));
  expect(error).toBeInstanceOf(type);
  expect(error).toMatchObject({ table: 'contact', calls: 1 });
});

test('rows modified since are read in order, page by page', async () => {
  await using world = await startStandIn((seen, response) => {
    const next = `${world.server.origin}${path}?$skiptoken=2`;
    const links = seen.url.includes('skiptoken') ? {} : { '@odata.nextLink': next };
    sendJson(response, page([{ contactid: ID }], links));
  });
  const since = { ...rows, since: new Date('2024-01-31T10:02:03Z'), pageRowsMax: 10 };
  const { value } = await world.client.readModifiedSince({ ...since, link: null });
  const last = await world.client.readModifiedSince({ ...since, link: value.nextLink });
  expect(last.value.nextLink).toBeNull();
  expect(decodeURIComponent(world.asked()[0]?.url ?? '')).toBe(
    `${path}?$select=contactid,firstname&$filter=modifiedon ge 2024-01-31T10:02:03Z` +
      '&$orderby=modifiedon asc,contactid asc',
  );
});

test('one row, and null only when Dataverse says that it is not there', async () => {
  let answer: [object, number] = [{ contactid: ID, firstname: 'Ada' }, 200];
  await using world = await startStandIn((_, response) =>
    sendJson(response, answer[0], { status: answer[1] }),
  );
  const read = () => world.client.row({ ...rows, id: ID });
  expect((await read()).value?.columns).toEqual({ contactid: ID, firstname: 'Ada' });
  answer = [{ error: { code: '0x80040217', message: 'contact Does Not Exist' } }, 404];
  expect(await read()).toEqual({ value: null, calls: 1 });
  answer = [{ error: { code: '0x8006088a', message: 'Resource not found' } }, 404];
  expect(await errorOf(read())).toMatchObject({ kind: 'rejected' });
  answer = [{}, 404];
  expect(await errorOf(read())).toMatchObject({ kind: 'transient' });
});

test('many ids are asked for in few URLs, and the cost is told', async () => {
  const ids = Array.from({ length: 100 }, (_, index) =>
    ID.replace(/.{4}$/, String(index).padStart(4, '0')),
  );
  await using world = await startStandIn(
    (seen, response) => {
      const asked = seen.url.match(/60c4e274[0-9a-f-]{28}/g) ?? [];
      sendJson(response, page(asked.slice(1).map((contactid) => ({ contactid }))));
    },
    { urlCharactersMax: 2_000 },
  );
  const { value, calls } = await world.client.existing(CONTACT, ids);
  expect(calls).toBe(world.asked().length);
  expect(value.size).toBe(100 - calls);
  expect(Math.max(...world.asked().map(({ url }) => url.length))).toBeLessThan(2_000);
  expect(await world.client.rowsByIds({ ...rows, ids: [] })).toEqual({ value: [], calls: 0 });
});

test('counts come by statistics and by counting', async () => {
  await using world = await startStandIn((seen, response) => {
    const EntityRecordCountCollection = { Keys: ['contact'], Values: [81_234] };
    if (seen.url.endsWith('$count')) response.end('\uFEFF5000');
    else sendJson(response, { EntityRecordCountCollection });
  });
  expect((await world.client.totalCount('contact')).value).toBe(81_234);
  expect((await world.client.countTo5000(CONTACT)).value).toBe(5_000);
  expect(world.asked().map(({ url }) => decodeURIComponent(url))).toEqual([
    '/api/data/v9.2/RetrieveTotalRecordCount(EntityNames=@p1)?@p1=["contact"]',
    `${path}/$count`,
  ]);
});

test('the life of delta links is read, and may be hidden', async () => {
  let value: object[] = [{ expirechangetrackingindays: 7 }];
  await using world = await startStandIn((_, response) => sendJson(response, { value }));
  expect((await world.client.changeTrackingExpiryDays()).value).toBe(7);
  value = [];
  expect((await world.client.changeTrackingExpiryDays()).value).toBeNull();
});
