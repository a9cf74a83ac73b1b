import { expect, test } from '@jest/globals';
import { sendJson, type Seen } from '@landbridge/testing/tiny-server';
import { ABSENT, errorOf, PROFILE, startStandIn } from './stand-in.ts';

const OOPS = { code: 500, message: 'Oops. Something went wrong. Check your URI and try again.' };
const BAD_PKEY = "RST-360000 XTK-170036 Unable to parse expression '@id = x'";
const byExternalId = { filter: 'byExternalId', parameter: 'externalId_parameter' };

type World = {
  /** What GET by a key answers: the status, and the words or record. */
  byKey: (key: string) => [number, unknown];
  records?: object[];
  filters?: string[];
  filtered?: [number, unknown];
};

function answerTo(seen: Seen, world: World): [number, unknown] {
  const [, rest = ''] = seen.url.split('/campaign/profileAndServicesExt/');
  if (rest.startsWith('profile?')) return [200, { content: world.records ?? [] }];
  if (rest.startsWith('profile/by')) return world.filtered ?? [200, { content: [] }];
  if (rest.startsWith('resourceType/')) {
    const filters: Record<string, object> = {};
    for (const data of world.filters ?? []) filters[data] = { data: `/profile/${data}` };
    return [200, { content: {}, filters }];
  }
  return world.byKey(decodeURIComponent(rest.replace('profile/', '')));
}

async function probe(world: World) {
  await using instance = await startStandIn((seen, response) => {
    const [status, body] = answerTo(seen, world);
    sendJson(response, typeof body === 'string' ? JSON.stringify(body) : body, { status });
  });
  const reply = await instance.client.probeAddressing(PROFILE, 'externalId');
  expect(reply.calls).toBe(instance.asked().length);
  expect(instance.asked().every(({ method }) => method === 'GET')).toBe(true);
  return reply.value;
}

const discovered = ['byText?text=$value', 'byExternalId?externalId_parameter=$value'];

test('an unknown key that is not found, in an empty instance, shows that the URI takes keys', async () => {
  expect(await probe({ byKey: () => [404, ABSENT] })).toBe('uriKey');
});

test('a known record that is found by its key shows it for certain', async () => {
  const known = { PKey: '@p', externalId: 'k1' };
  const byKey = (key: string): [number, unknown] => (key === 'k1' ? [200, known] : [404, ABSENT]);
  expect(await probe({ byKey, records: [{ externalId: '' }, known] })).toBe('uriKey');
});

test("a URI that takes another field's key is not used, since each write would insert", async () => {
  const records = [{ PKey: '@p', externalId: 'k1' }];
  const byKey = (): [number, unknown] => [404, ABSENT];
  expect(await probe({ byKey, records, filters: discovered })).toEqual(byExternalId);
  const other = (key: string): [number, unknown] =>
    key === 'k1' ? [200, { PKey: '@q', externalId: 'k2' }] : [404, ABSENT];
  expect(await probe({ byKey: other, records, filters: discovered })).toEqual(byExternalId);
});

test.each([
  ['a key taken for a PKey', 500, BAD_PKEY],
  ["the gateway's unknown path", 500, OOPS],
  ["the gateway's unknown path", 502, OOPS],
  ['an unknown path', 404, 'Nothing here'],
])('%s leads to the filter', async (_, status, body) => {
  const byKey = (): [number, unknown] => [status, body];
  expect(await probe({ byKey, filters: discovered })).toEqual(byExternalId);
  expect(await probe({ byKey, filters: discovered.slice(0, 1) })).toBeNull();
});

test('a filter that finds something for an unknown key, or is not there, is no filter', async () => {
  const world: World = { byKey: () => [500, BAD_PKEY], filters: discovered };
  expect(await probe({ ...world, filtered: [200, { content: [{ PKey: '@p' }] }] })).toBeNull();
  expect(await probe({ ...world, filtered: [404, 'no such filter'] })).toBeNull();
});

test('a filter that is named is tried without asking the metadata', async () => {
  await using instance = await startStandIn((seen, response) => {
    if (seen.url.includes('byMine')) sendJson(response, { content: [] });
    else sendJson(response, JSON.stringify(BAD_PKEY), { status: 500 });
  });
  const filter = { filter: 'byMine', parameter: 'mine' };
  const reply = await instance.client.probeAddressing(PROFILE, 'externalId', { filter });
  expect(reply).toEqual({ value: filter, calls: 2 });
});

test.each([
  [429, 'throttled'],
  [503, 'transient'],
  [403, 'forbidden'],
])('an instance that cannot say just now (%i) decides nothing', async (status, kind) => {
  await using instance = await startStandIn((_, response) => sendJson(response, '', { status }));
  const error = await errorOf(instance.client.probeAddressing(PROFILE, 'externalId'));
  expect(error).toMatchObject({ kind, calls: 1 });
});
