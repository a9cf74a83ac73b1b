import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type {
  CampaignResourceMetadata,
  DynamicsTableMetadata,
  FilterCondition,
} from '@landbridge/contracts';
import type { DynamicsRow } from '@landbridge/dynamics';
import type { WrittenEntry } from '@landbridge/messaging';
import { campaignField as field, dynamicsColumn as column } from '@landbridge/testing/metadata';
import { INGRESS, openAppWorld, type AppWorld } from './app-world.ts';

const CHILD = '60c4e274-0000-4000-8000-000000000001';
const PARENT = '60c4e274-0000-4000-8000-0000000000aa';

const table = (name: string, over: Partial<DynamicsTableMetadata> = {}): DynamicsTableMetadata => ({
  table: name,
  label: name,
  entitySet: `${name}s`,
  primaryId: `${name}id`,
  primaryName: 'name',
  changeTracking: true,
  custom: false,
  columns: [column(`${name}id`, 'uniqueidentifier'), column('name')],
  ...over,
});
const TABLES = [
  table('account'),
  table('contact', {
    columns: [
      column('contactid', 'uniqueidentifier'),
      column('name'),
      column('parent', 'lookup', { targets: ['account'] }),
    ],
  }),
];
const resource = (name: string): CampaignResourceMetadata => ({
  resource: name,
  label: name,
  endpoint: 'profileAndServicesExt',
  filters: [],
  fields: [field('externalId'), field('name'), field('accountId')],
});

const mapping = (name: string, over: object) => ({
  dynamicsTable: name,
  campaignResource: name === 'contact' ? 'profile' : 'cusAccount',
  key: { dynamics: `${name}id`, campaign: 'externalId' },
  fields: [{ dynamics: 'name', campaign: 'name' }],
  ...over,
});

let world: AppWorld;
let memories: Map<string, WrittenEntry>;
let parents: DynamicsRow[];
beforeAll(async () => {
  world = await openAppWorld();
  await world.connect();
  const { dynamics, campaign } = world.systems;
  const found = (name: string) => TABLES.find((one) => one.table === name) ?? table(name);
  dynamics.tables = async () => ({ value: TABLES, calls: 1 });
  dynamics.table = async (name) => ({ value: found(name), calls: 1 });
  dynamics.row = async ({ id }) => ({
    value: parents.find((row) => row.id === id) ?? null,
    calls: 1,
  });
  campaign.resource = async (name) => ({ value: resource(name), calls: 1 });
  world.fake.controlPlane.records.memory = async ({ id }) => {
    const entry = memories.get(id);
    const memory = entry === undefined ? null : { entry, storedAt: new Date(0) };
    return { memory, memoryIsComplete: true };
  };
});
afterAll(async () => world[Symbol.asyncDispose]());

const row = (id: string, columns: DynamicsRow['columns']): DynamicsRow => ({
  id,
  version: '12',
  modifiedOn: '2026-11-24T16:00:00Z',
  columns,
  lookupTables: {},
});

beforeEach(async () => {
  memories = new Map();
  parents = [row(PARENT, { accountid: PARENT, name: 'Acme' })];
  world.systems.rows.length = 0;
  world.systems.rows.push(row(CHILD, { contactid: CHILD, name: 'Ada', parent: PARENT }));
});

async function preview(filter: FilterCondition | null = null) {
  const link = { dynamics: 'parent', campaign: 'accountId', to: 'account', by: 'column' };
  const payload = {
    mappings: [mapping('account', { filter }), mapping('contact', { links: [link] })],
  };
  const headers = { 'if-match': '*' };
  const saved = await world.call('PUT', `${INGRESS}/configuration`, { headers, payload });
  expect([saved.statusCode, saved.body]).toEqual([200, expect.anything()]);
  const answer = await world.call('POST', `${INGRESS}/mappings/contact/preview`, { payload: {} });
  expect([answer.statusCode, answer.body]).toEqual([200, expect.anything()]);
  const [record] = answer.json<{ records: { outcome: string; summary: string }[] }>().records;
  return record;
}

test('a child whose parent is in Campaign is inserted', async () => {
  memories.set(PARENT, { hash: 'h', version: '1' });
  expect(await preview()).toMatchObject({ outcome: 'insert' });
});

test('a child whose parent was not written yet would wait for it', async () => {
  expect(await preview()).toMatchObject({
    outcome: 'waitsForParent',
    changes: [],
    summary: `It would wait until the account ${PARENT}, to which it refers, is in Campaign.`,
  });
});

test('a child of a parent that the filter leaves out would not be written, nor one of a parent that is missing', async () => {
  expect(await preview({ dynamics: 'name', is: 'ne', value: 'Acme' })).toMatchObject({
    outcome: 'parentWillNotCome',
    summary: `It would not be written: it refers to the account ${PARENT}, which is left out by the filter of its table.`,
  });
  parents = [];
  expect(await preview()).toMatchObject({
    outcome: 'parentWillNotCome',
    summary: expect.stringMatching(/is not in Dynamics 365\.$/),
  });
});

test.each(['filteredOut', 'deleted', 'rejected', 'missing'])(
  'a child of a parent that is remembered as %s would not be written',
  async (absent) => {
    memories.set(PARENT, { hash: null, version: null, extra: { absent } });
    expect(await preview()).toMatchObject({ outcome: 'parentWillNotCome' });
  },
);
