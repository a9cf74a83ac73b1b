import { expect, test } from '@jest/globals';
import { DEFAULT_INSTANCE_SETTINGS } from '@landbridge/contracts';
import { HttpProblem } from '../src/problems.ts';
import { DEMO, INGRESS, openAppWorld, type AppWorld } from './app-world.ts';

const URL = `${DEMO}/settings`;

const put = (world: AppWorld, payload: object, ifMatch?: string) =>
  world.call('PUT', URL, {
    payload,
    ...(ifMatch === undefined ? {} : { headers: { 'if-match': ifMatch } }),
  });

test('settings begin with the defaults, are saved under their ETag, and keep what is left out', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const read = await world.call('GET', URL);
  expect(read.headers.etag).toBe('"0"');
  expect(read.json()).toEqual(DEFAULT_INSTANCE_SETTINGS);
  const saved = await put(world, { limits: { campaign: { callsPerDay: 100_000 } } }, '"0"');
  expect(saved.statusCode).toBe(200);
  expect(saved.headers.etag).toBe('"1"');
  expect(saved.json()).toMatchObject({
    limits: { campaign: { callsPerDay: 100_000, inFlightMax: null } },
    guardrails: { columnsMax: 50 },
  });
  const unchanged = await world.call('GET', URL, { headers: { 'if-none-match': '"1"' } });
  expect(unchanged.statusCode).toBe(304);
});

test.each([
  [undefined, 428],
  ['"7"', 412],
  ['0', 400],
])('settings saved with If-Match %s are answered with %d', async (ifMatch, status) => {
  await using world = await openAppWorld();
  await world.connect();
  expect((await put(world, {}, ifMatch)).statusCode).toBe(status);
});

test.each([
  [{ guardrails: { columnsMax: 0 } }, '/guardrails/columnsMax'],
  [{ massDeletes: { share: 1.5 } }, '/massDeletes/share'],
  [{ limit: {} }, '/limit'],
])('the field at fault in %j is named', async (payload, pointer) => {
  await using world = await openAppWorld();
  await world.connect();
  const answer = await put(world, payload, '"0"');
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ errors: [{ pointer }] });
});

const field = (dynamics: string, campaign: string) => ({ dynamics, campaign });
const contact = (fields: object[]) => ({
  dynamicsTable: 'contact',
  campaignResource: 'profile',
  key: { dynamics: 'contactid', campaign: 'externalId' },
  fields,
});
const table = (name: string) => ({ ...contact([]), dynamicsTable: name, campaignResource: name });
const save = (world: AppWorld, mappings: object[]) =>
  world.call('PUT', `${INGRESS}/configuration`, {
    payload: { mappings },
    headers: { 'if-match': '"1"' },
  });

test.each([
  [
    { columnsMax: 1 },
    [contact([field('firstname', 'firstName'), field('lastname', 'lastName')])],
    {
      pointer: '/mappings/0/fields/1',
      message: expect.stringContaining('1 are allowed (columnsMax)'),
    },
  ],
  [
    { customTablesMax: 1 },
    [table('one'), contact([]), table('two')],
    { pointer: '/mappings/2', message: expect.stringContaining('1 are allowed (customTablesMax)') },
  ],
  [
    { recordsMax: 2 },
    [contact([])],
    { pointer: '/mappings', message: 'hold 3 records together; 2 are allowed (recordsMax)' },
  ],
])(
  'past %j a configuration is refused with the name and the number',
  async (guardrails, mappings, error) => {
    await using world = await openAppWorld();
    await world.connect();
    const row = { id: 'x', version: '1', modifiedOn: null, columns: {} };
    world.systems.rows.push(row, row, row);
    await put(world, { guardrails }, '"0"');
    const answer = await save(world, mappings);
    expect(answer.statusCode).toBe(422);
    expect(answer.json<{ errors: object[] }>().errors).toContainEqual(error);
  },
);

test('when Dynamics cannot count, the guardrail of records is a warning', async () => {
  await using world = await openAppWorld();
  await world.connect();
  world.systems.dynamics.totalCount = async () => {
    throw new HttpProblem({ kind: 'system-unreachable', detail: 'It is away.' });
  };
  const answer = await save(world, [contact([field('lastname', 'lastName')])]);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({
    offers: [],
    warnings: [{ pointer: '/mappings', message: expect.stringContaining('recordsMax') }],
  });
});
