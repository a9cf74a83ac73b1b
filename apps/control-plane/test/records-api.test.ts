import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { QueuedRecord, type FilterCondition } from '@landbridge/contracts';
import { DEMO, INGRESS, openAppWorld, type AppWorld } from './app-world.ts';

const ID = '60c4e274-0000-4000-8000-000000000001';
const RECORD = `${DEMO}/records/contact/${ID}`;
const PREVIEW = `${INGRESS}/mappings/contact/preview`;
const LATER = new Date('2026-11-24T18:00:00.000Z');

const mapping = (filter: FilterCondition | null = null) => ({
  dynamicsTable: 'contact',
  campaignResource: 'profile',
  key: { dynamics: 'contactid', campaign: 'externalId' },
  fields: [
    { dynamics: 'firstname', campaign: 'firstName', applyUpdates: true },
    { dynamics: 'lastname', campaign: 'lastName', applyUpdates: false },
  ],
  links: [],
  replacements: [],
  filter,
  deleteFilteredOut: false,
  applyDeletes: true,
  technicalValues: false,
});

let world: AppWorld;
beforeAll(async () => {
  world = await openAppWorld();
  await world.connect();
});
afterAll(async () => world[Symbol.asyncDispose]());

beforeEach(async () => {
  world.systems.rows.length = 0;
  world.systems.rows.push({
    id: ID,
    version: '12',
    modifiedOn: '2026-11-24T16:00:00Z',
    columns: { contactid: ID, firstname: 'Ada', lastname: 'Lovelace' },
    lookupTables: {},
  });
  world.systems.profiles.clear();
  world.fake.traces.queue = { messages: [], lookedAtCount: 0, searchedAll: true };
  world.fake.traces.memory = null;
  world.fake.traces.memoryIsComplete = true;
  world.fake.traces.deadLetter = null;
  world.fake.traces.reading = { phase: 'changes' };
  world.fake.traces.waitsFor = null;
  world.fake.traces.campaignHides = false;
  world.fake.traces.givenUpFor = null;
  world.fake.traces.leaving = null;
  world.fake.traces.discarded = null;
  world.fake.traces.deletionHeldSince = null;
  await save(mapping());
});

async function save(one: ReturnType<typeof mapping> & { adoptExisting?: boolean }): Promise<void> {
  const headers = { 'if-match': '*' };
  const payload = { mappings: [one] };
  const saved = await world.call('PUT', `${INGRESS}/configuration`, { headers, payload });
  expect([saved.statusCode, saved.body]).toEqual([200, expect.anything()]);
}

const wrote = (version: string, hash: string | null = 'h') => ({
  entry: { hash, version },
  storedAt: LATER,
});
const ada = () => ({ externalId: ID, firstName: 'Ada', lastName: 'King' });
const explain = async () => {
  const answer = await world.call('GET', RECORD);
  expect(answer.statusCode).toBe(200);
  return answer.json<{ summary: string; verdict: object; evidence: object }>();
};

describe('why a record is or is not in Campaign', () => {
  test('no mapping names its table', async () => {
    const answer = await world.call('GET', `${DEMO}/records/account/${ID}`);
    expect(answer.json()).toMatchObject({ verdict: { kind: 'notMapped' } });
  });

  test('it is not in Dynamics, and what was written of it may still be in Campaign', async () => {
    world.systems.rows.length = 0;
    expect(await explain()).toMatchObject({
      verdict: { kind: 'notInDynamics', stillInCampaign: false },
      summary: 'There is no such contact in Dynamics 365.',
    });
    world.fake.traces.memory = wrote('12');
    world.systems.profiles.set(ID, ada());
    expect((await explain()).verdict).toEqual({ kind: 'notInDynamics', stillInCampaign: true });
  });

  test('it is filtered out, and the sentence says by which condition', async () => {
    await save(mapping({ dynamics: 'firstname', is: 'ne', value: 'ada' }));
    expect(await explain()).toMatchObject({
      verdict: { kind: 'filteredOut', pointers: ['/filter'], stillInCampaign: false },
      summary: 'The contact is left out because firstname ("Ada") equals "ada".',
    });
  });

  test('its filter cannot judge it, and the sentence says by which column', async () => {
    await save(mapping({ dynamics: 'firstname', is: 'empty' }));
    Object.assign(world.systems.rows[0]?.columns ?? {}, { firstname: 7 });
    expect(await explain()).toMatchObject({
      verdict: { kind: 'unmappable', reason: { code: 'valueUnreadable', field: 'firstname' } },
      summary: expect.stringContaining('so the filter cannot judge the record'),
    });
  });

  test('it is queued', async () => {
    const record = QueuedRecord.parse({
      schemaVersion: 1,
      instance: 'demo',
      table: 'contact',
      key: ID,
      change: 'upsert',
      origin: 'change',
      version: '12',
      modifiedOn: null,
      readAt: LATER.toISOString(),
      columns: {},
    });
    world.fake.traces.queue = {
      messages: [{ record, queuedAt: LATER, handedOut: false }],
      lookedAtCount: 3,
      searchedAll: true,
    };
    expect((await explain()).verdict).toEqual({
      kind: 'queued',
      since: LATER.toISOString(),
      beingWritten: false,
    });
  });

  test('it waits for its parent', async () => {
    world.fake.traces.waitsFor = { table: 'account', key: 'a-1' };
    expect(await explain()).toMatchObject({
      verdict: { kind: 'waitingForParent', table: 'account', key: 'a-1' },
      summary: 'The contact waits for the account a-1, which is not in Campaign yet.',
    });
  });

  test('Campaign hides it', async () => {
    world.fake.traces.waitsFor = { table: 'account', key: 'a-1' };
    world.fake.traces.campaignHides = true;
    expect(await explain()).toMatchObject({
      verdict: { kind: 'waitingForParent', table: 'account', key: 'a-1' },
      summary: expect.stringContaining('Campaign hides the contact, which was written'),
    });
    world.systems.rows.length = 0;
    expect(await explain()).toMatchObject({
      verdict: { kind: 'notInDynamics' },
      summary: expect.stringContaining('it is deleted when Campaign shows it again'),
    });
  });

  test('its deletion waits for its children', async () => {
    const child = { table: 'new_vehicle', key: 'v-1' };
    world.systems.profiles.set(ID, ada());
    world.fake.traces.memory = wrote('12');
    world.fake.traces.leaving = { because: 'deleted', child, count: 3 };
    world.systems.rows.length = 0;
    expect(await explain()).toMatchObject({
      verdict: { kind: 'waitingForChildren', because: 'deleted', ...child, count: 3 },
      summary: expect.stringMatching(
        /no such contact .*waits for its children.* the new_vehicle v-1 still does, one of 3\.$/,
      ),
    });
  });

  test('a person discarded its dead letter, and it says so until it is written or changes', async () => {
    const discarded = { deadLetterId: 'd-1', at: LATER.toISOString(), by: 'Ann' };
    world.fake.traces.discarded = discarded;
    expect(await explain()).toMatchObject({
      verdict: { kind: 'discarded', ...discarded, missing: true, parent: null },
      summary: `The contact is not in Campaign: it was refused, and Ann discarded its dead letter at ${discarded.at}. It goes when it changes or is replayed.`,
    });
    const parent = { table: 'account', key: 'a-1' };
    world.fake.traces.givenUpFor = { parent, absence: 'missing' };
    expect(await explain()).toMatchObject({
      verdict: { kind: 'discarded', parent: { ...parent, because: 'missing' } },
      summary: expect.stringMatching(/refers to the account a-1, which is not in Dynamics 365; it/),
    });
    world.systems.rows[0]!.modifiedOn = '2026-11-24T19:00:00Z';
    expect((await explain()).verdict).toMatchObject({ kind: 'notReadYet' });
    world.fake.traces.memory = wrote('12');
    world.systems.profiles.set(ID, ada());
    expect((await explain()).verdict).toMatchObject({ kind: 'inStep' });
  });

  test('its deletion waits for a person', async () => {
    world.systems.rows.length = 0;
    world.systems.profiles.set(ID, ada());
    world.fake.traces.memory = wrote('12');
    world.fake.traces.deletionHeldSince = LATER.toISOString();
    expect(await explain()).toMatchObject({
      verdict: { kind: 'awaitingApproval', since: LATER.toISOString() },
      summary: `Deleting the contact waits for a person’s approval since ${LATER.toISOString()}.`,
    });
  });

  test('it is dead, until something newer of it was written', async () => {
    const reason = { code: 'refusedByCampaign', message: 'Campaign refused the record' };
    const since = '2026-11-24T17:00:00.000Z';
    const letter = { id: 'd-1', table: 'contact', key: ID, reason, attempts: 1, since };
    world.fake.traces.deadLetter = letter;
    expect((await explain()).verdict).toEqual({ kind: 'dead', deadLetterId: 'd-1', reason });
    world.fake.traces.memory = wrote('12');
    world.systems.profiles.set(ID, ada());
    expect((await explain()).verdict).toMatchObject({ kind: 'inStep' });
  });

  test('it cannot be converted as it is', async () => {
    world.systems.rows[0]!.columns['firstname'] = 'A'.repeat(40);
    expect((await explain()).verdict).toMatchObject({
      kind: 'unmappable',
      reason: { code: 'tooLong', field: 'firstName' },
    });
  });

  test('it was not read yet', async () => {
    world.fake.traces.reading = null;
    expect((await explain()).verdict).toEqual({ kind: 'notReadYet', because: 'neverStarted' });
    world.fake.traces.reading = { phase: 'load' };
    expect((await explain()).verdict).toEqual({ kind: 'notReadYet', because: 'firstLoad' });
    world.fake.traces.reading = { phase: 'changes' };
    expect(await explain()).toMatchObject({
      verdict: { kind: 'notReadYet', because: 'notWritten' },
      summary: expect.stringContaining('it was not written yet, and the workflow is not running'),
    });
    world.fake.traces.memory = wrote('11');
    world.systems.profiles.set(ID, { ...ada(), firstName: 'Bea' });
    expect((await explain()).verdict).toEqual({ kind: 'notReadYet', because: 'notRunning' });
  });

  test('both sides are in step: an attribute that does not follow may differ', async () => {
    world.fake.traces.memory = wrote('12');
    world.systems.profiles.set(ID, ada());
    expect((await explain()).verdict).toEqual({
      kind: 'inStep',
      writtenAt: LATER.toISOString(),
      version: '12',
    });
  });

  test('Campaign has one that Landbridge did not write, and it is left alone', async () => {
    world.systems.profiles.set(ID, { ...ada(), firstName: 'Bea' });
    expect(await explain()).toMatchObject({
      verdict: { kind: 'notOurs', fields: ['firstName'] },
      summary: expect.stringMatching(/Landbridge did not write.*adoptExisting.*replay/),
    });
    world.fake.traces.memory = wrote('11', null);
    expect((await explain()).verdict).toMatchObject({ kind: 'notOurs' });
    await save({ ...mapping(), adoptExisting: true });
    expect((await explain()).verdict).not.toMatchObject({ kind: 'notOurs' });
    await save(mapping());
    world.fake.traces.memory = null;
    world.fake.traces.memoryIsComplete = false;
    expect((await explain()).verdict).not.toMatchObject({ kind: 'notOurs' });
  });

  test('Campaign holds something else, or nothing any more', async () => {
    world.fake.traces.memory = wrote('12');
    world.systems.profiles.set(ID, { ...ada(), firstName: 'Bea' });
    expect(await explain()).toMatchObject({
      verdict: { kind: 'different', missing: false, fields: ['firstName'] },
      evidence: { campaign: { fields: [{ mapped: 'Ada', held: 'Bea', differs: true }, {}] } },
    });
    world.systems.profiles.clear();
    expect((await explain()).verdict).toMatchObject({ kind: 'different', missing: true });
  });

  test('who may only look learns which fields differ, and never what a record holds', async () => {
    const grants = { demo: 'viewer' } as const;
    const principal = {
      kind: 'person',
      id: 'vera',
      name: 'Vera',
      grants,
      expiresAt: null,
    } as const;
    await using theirs = await openAppWorld({
      controlPlane: world.fake.controlPlane,
      clients: world.systems.clients,
      access: {
        ...world.access,
        authenticators: [async () => ({ kind: 'known', by: 'bearer', principal })],
      },
    });
    world.fake.traces.memory = wrote('12');
    world.systems.profiles.set(ID, { ...ada(), firstName: 'Bea' });
    const different = await theirs.call('GET', RECORD);
    expect(different.json()).toMatchObject({
      verdict: { kind: 'different', fields: ['firstName'] },
    });
    expect(different.body).not.toMatch(/Ada|Bea|Lovelace|King/);
    await save(mapping({ dynamics: 'firstname', is: 'beginsWith', value: 'B' }));
    const leftOut = await theirs.call('GET', RECORD);
    expect(leftOut.json()).toMatchObject({
      summary: expect.stringContaining('because firstname does not begin with "B"'),
    });
    expect(leftOut.body).not.toMatch(/Ada|Lovelace/);
    expect((await theirs.call('POST', PREVIEW, { payload: {} })).statusCode).toBe(403);
  });

  test('an id that none can have is a 404', async () => {
    expect((await world.call('GET', `${DEMO}/records/contact/x`)).statusCode).toBe(404);
  });
});

describe('what a mapping would do', () => {
  const preview = async (payload: object) => {
    const answer = await world.call('POST', PREVIEW, { payload });
    return { status: answer.statusCode, body: answer.json<{ records: object[] }>() };
  };

  test('the saved one inserts, changes or leaves alone what changed last', async () => {
    const outcome = { outcome: 'insert', changes: ['externalId', 'firstName', 'lastName'] };
    expect((await preview({})).body.records).toMatchObject([outcome]);
    world.fake.traces.memory = wrote('12');
    world.systems.profiles.set(ID, { ...ada(), firstName: 'Bea' });
    expect((await preview({ last: 1 })).body.records).toMatchObject([
      {
        outcome: 'update',
        changes: ['firstName'],
        source: [
          { column: 'contactid', value: ID },
          { column: 'firstname', value: 'Ada', valueLabel: null },
          { column: 'lastname', value: 'Lovelace' },
        ],
        fields: [
          { campaign: 'firstName', mapped: 'Ada', held: 'Bea', differs: true },
          { campaign: 'lastName', mapped: 'Lovelace', held: 'King', differs: true },
        ],
      },
    ]);
    world.systems.profiles.set(ID, ada());
    expect((await preview({ ids: [ID] })).body.records).toMatchObject([
      { outcome: 'nothing', changes: [] },
    ]);
  });

  test('one that Landbridge did not write is left alone, unless the draft takes it over', async () => {
    world.systems.profiles.set(ID, { ...ada(), firstName: 'Bea' });
    expect((await preview({})).body.records).toMatchObject([
      {
        outcome: 'notOurs',
        changes: [],
        summary: expect.stringMatching(/left alone.*did not write.*adoptExisting/),
      },
    ]);
    const draft = { ...mapping(), adoptExisting: true };
    expect((await preview({ mapping: draft })).body.records).toMatchObject([
      { outcome: 'update', changes: ['firstName'] },
    ]);
    world.fake.traces.memoryIsComplete = false;
    expect((await preview({})).body.records).toMatchObject([{ outcome: 'update' }]);
  });

  test('a draft is tried without being saved, and its filter says who leaves', async () => {
    const filter = { dynamics: 'firstname', is: 'empty' } as const;
    const draft = { ...mapping(filter), deleteFilteredOut: true };
    expect((await preview({ mapping: draft })).body.records).toMatchObject([
      {
        outcome: 'leftOut',
        filter: { verdict: 'fails', deciding: [{ pointer: '/filter', condition: filter }] },
      },
    ]);
    world.fake.traces.memory = wrote('12');
    world.systems.profiles.set(ID, ada());
    expect((await preview({ mapping: draft })).body.records).toMatchObject([{ outcome: 'delete' }]);
    const saved = await world.call('GET', `${INGRESS}/configuration`);
    expect(saved.json()).toMatchObject({ mappings: [{ filter: null }] });
  });

  test('a draft that could not be saved is refused by its pointers', async () => {
    const draft = mapping();
    draft.fields[0] = { dynamics: 'nickname', campaign: 'firstName', applyUpdates: true };
    expect(await preview({ mapping: draft })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/mapping/fields/0/dynamics' }] },
    });
    const other = { ...mapping(), dynamicsTable: 'account' };
    expect(await preview({ mapping: other })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/mapping/dynamicsTable' }] },
    });
  });

  test('a value that is rejected is told beside the others', async () => {
    world.systems.rows[0]!.columns['firstname'] = 'A'.repeat(40);
    expect((await preview({})).body.records).toMatchObject([
      {
        outcome: 'rejected',
        fields: [{ rejected: { code: 'tooLong' } }, { mapped: 'Lovelace', rejected: null }],
      },
    ]);
  });

  test('ids that Dynamics does not have are named; ids and last together are refused', async () => {
    const other = '60c4e274-0000-4000-8000-000000000002';
    expect(await preview({ ids: [other] })).toMatchObject({
      body: { records: [], notFound: [other] },
    });
    expect((await preview({ ids: [other], last: 1 })).status).toBe(400);
    expect((await preview({ last: 21 })).status).toBe(400);
    expect((await preview({ more: true })).status).toBe(400);
    const unmapped = `${INGRESS}/mappings/account/preview`;
    expect((await world.call('POST', unmapped, { payload: {} })).statusCode).toBe(404);
  });
});
