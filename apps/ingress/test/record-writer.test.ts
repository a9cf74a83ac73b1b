import { describe, expect, test } from '@jest/globals';
import type { QueuedRecord } from '@landbridge/contracts';
import type { WriteOutcome } from '@landbridge/pipeline';
import fc from 'fast-check';
import { createRecordWriter, type TableWriting } from '../src/writing/record.writer.ts';
import { staleEntry } from '../src/writing/remembered.ts';
import { deletion, idOf, mapping, record, writingAt } from './builders.ts';
import { refusal } from './fake-campaign.ts';

const byFilter = (over: Partial<TableWriting['place']> = {}) => ({
  addressing: { filter: 'byExternalId', parameter: 'externalId_parameter' },
  ...over,
});

async function start(over: Partial<TableWriting> = {}) {
  const { campaign, memory, writing } = await writingAt(over);
  const write = (queued: QueuedRecord, attempt = 1): Promise<WriteOutcome> =>
    createRecordWriter(new Map([['contact', writing]]))(queued, {
      attempt,
      signal: new AbortController().signal,
    });
  return { campaign, memory, writing, write };
}

const ada = (firstname: string, version: string, over: Partial<QueuedRecord> = {}) =>
  record({ version, columns: { contactid: idOf(1), firstname, jobtitle: 'Analyst' }, ...over });

describe('engine calls', () => {
  test('insert 1, update 1, unchanged 0, delete 1', async () => {
    const { campaign, write } = await start();
    expect(await write(ada('Ada', '1'))).toEqual({ kind: 'written', calls: 1 });
    expect(await write(ada('Augusta', '2'))).toEqual({ kind: 'written', calls: 1 });
    expect(await write(ada('Augusta', '3'))).toEqual({ kind: 'skipped', reason: 'unchanged' });
    expect(await write(deletion())).toEqual({ kind: 'written', calls: 1 });
    expect(campaign.calls).toEqual(['insert', 'patch', 'delete']);
    expect(campaign.records).toEqual([]);
  });

  test('an older version, a second delete and a delete of what was never written cost nothing', async () => {
    const { campaign, write } = await start();
    await write(ada('Ada', '5'));
    expect(await write(ada('Stale', '4'))).toEqual({ kind: 'skipped', reason: 'superseded' });
    await write(deletion());
    expect(await write(deletion())).toEqual({ kind: 'skipped', reason: 'alreadyGone' });
    expect(await write(ada('Ada', '5'))).toEqual({ kind: 'skipped', reason: 'superseded' });
    expect(await write(deletion({ key: idOf(2) }))).toEqual({
      kind: 'skipped',
      reason: 'neverWritten',
    });
    expect(campaign.calls).toEqual(['insert', 'delete']);
  });

  test('a memory that has forgotten something costs calls, and no delete', async () => {
    const { campaign, memory, write } = await start();
    await write(ada('Ada', '1'));
    memory.stored.clear();
    expect(await write(ada('Ada', '2'))).toEqual({ kind: 'written', calls: 2 });
    memory.stored.clear();
    expect(await write(deletion())).toEqual({ kind: 'written', calls: 1 });
    expect(campaign.records).toEqual([]);
    memory.stored.clear();
    expect(await write(deletion())).toEqual({ kind: 'skipped', reason: 'neverWritten', calls: 1 });
  });
});

describe('no duplicate', () => {
  test('a record of Campaign that Landbridge did not write is never changed', async () => {
    const { campaign, memory, write } = await start();
    const theirs = { externalId: idOf(1), firstName: 'Theirs' };
    campaign.records.push({ ...theirs });
    const notOurs = { kind: 'skipped', reason: 'notOurs', calls: 2 };
    expect(await write(ada('Ada', '1'))).toEqual(notOurs);
    expect(await write(record({ origin: 'load', version: '2' }))).toEqual(notOurs);
    expect(await write(deletion())).toEqual({ kind: 'skipped', reason: 'neverWritten' });
    expect(campaign.records).toEqual([theirs]);
    expect(await memory.get(idOf(1))).toBeNull();
  });

  test('the same where records are found by a filter alone', async () => {
    const { campaign, writing, write } = await start();
    writing.place = { ...writing.place, ...byFilter() };
    campaign.records.push({ externalId: idOf(1), firstName: 'Theirs' });
    const outcome = await write(record({ origin: 'load' }));
    expect(outcome).toEqual({ kind: 'skipped', reason: 'notOurs', calls: 1 });
  });

  test('it is taken over when the mapping says so, and is ours from then on', async () => {
    const { campaign, writing, write } = await start();
    writing.mapping = mapping({ adoptExisting: true });
    campaign.records.push({ externalId: idOf(1), firstName: 'Theirs', title: 'Theirs' });
    expect(await write(record({ origin: 'load' }))).toEqual({ kind: 'written', calls: 2 });
    expect(campaign.records).toEqual([{ externalId: idOf(1), firstName: 'Ada', title: 'Analyst' }]);
    writing.mapping = mapping();
    expect(await write(ada('Augusta', '11'))).toEqual({ kind: 'written', calls: 1 });
    expect(await write(deletion())).toEqual({ kind: 'written', calls: 1 });
  });

  test('a lost reply to an insert and its retry leave one record', async () => {
    const { campaign, write } = await start();
    campaign.faults.push('lost reply');
    expect(await write(ada('Ada', '1'))).toMatchObject({ kind: 'retryAfter', calls: 1 });
    expect(await write(ada('Ada', '1'), 2)).toEqual({ kind: 'written', calls: 2 });
    expect(campaign.records).toHaveLength(1);
  });

  test('the same where no key is unique: a record that might be there is looked for first', async () => {
    const { campaign, writing, write } = await start();
    writing.place = { ...writing.place, ...byFilter() };
    campaign.uniqueKey = false;
    campaign.faults.push('lost reply');
    expect(await write(ada('Ada', '1'))).toMatchObject({ kind: 'retryAfter' });
    expect(await write(ada('Ada', '1'), 2)).toMatchObject({ kind: 'written' });
    expect(await write(record({ key: idOf(2), origin: 'load' }))).toEqual({
      kind: 'written',
      calls: 2,
    });
    expect(await write(record({ key: idOf(3) }))).toEqual({ kind: 'written', calls: 1 });
    expect(campaign.records).toHaveLength(3);
  });

  test('two records with one key are a dead letter and not a guess', async () => {
    const { campaign, writing, write } = await start();
    writing.place = { ...writing.place, ...byFilter() };
    campaign.records.push({ externalId: idOf(1) }, { externalId: idOf(1) });
    expect(await write(record({ origin: 'load' }))).toMatchObject({
      kind: 'rejected',
      reason: { code: 'keyNotUnique' },
    });
  });

  test('a unique value that another record holds is a dead letter', async () => {
    const { campaign, write } = await start();
    campaign.faults.push('duplicateKey');
    expect(await write(ada('Ada', '1'))).toMatchObject({
      kind: 'rejected',
      reason: { code: 'duplicateValue' },
      calls: 2,
    });
  });

  test('a record that a person deleted in Campaign is made anew', async () => {
    const { campaign, write } = await start();
    await write(ada('Ada', '1'));
    campaign.records.length = 0;
    expect(await write(ada('Augusta', '2'))).toEqual({ kind: 'written', calls: 2 });
    expect(campaign.records).toEqual([
      { externalId: idOf(1), firstName: 'Augusta', title: 'Analyst' },
    ]);
  });
});

describe('apply updates', () => {
  const titled = (jobtitle: string, over: Partial<QueuedRecord>) =>
    record({ columns: { contactid: idOf(1), firstname: 'Ada', jobtitle }, ...over });

  test('off: written when the record is inserted or loaded, and at no other time', async () => {
    const { campaign, write } = await start();
    await write(titled('Analyst', { version: '1' }));
    expect(await write(titled('Countess', { version: '2' }))).toMatchObject({
      reason: 'unchanged',
    });
    expect(campaign.records[0]).toMatchObject({ title: 'Analyst' });
    await write(titled('Countess', { version: '3', origin: 'load' }));
    expect(campaign.records[0]).toMatchObject({ title: 'Countess' });
    expect(await write(titled('Countess', { version: '3', origin: 'load' }))).toMatchObject({
      reason: 'unchanged',
    });
  });

  test('a value that was not read at the insert is written by the next record', async () => {
    const { campaign, write } = await start();
    await write(record({ version: '1', columns: { contactid: idOf(1), firstname: 'Ada' } }));
    await write(titled('Analyst', { version: '1' }));
    expect(campaign.records[0]).toMatchObject({ title: 'Analyst' });
  });

  test('a record marked as stale is written again once', async () => {
    const { memory, write } = await start();
    await write(ada('Ada', '1'));
    const entry = await memory.get(idOf(1));
    if (entry !== null) await memory.put(idOf(1), staleEntry(entry, false));
    expect(await write(ada('Ada', '1'))).toEqual({ kind: 'written', calls: 1 });
    expect(await write(ada('Ada', '1'))).toMatchObject({ reason: 'unchanged' });
  });
});

describe('filters and deletes', () => {
  const managers = { dynamics: 'jobtitle', is: 'eq', value: 'manager' } as const;
  const titled = (jobtitle: string, version: string) =>
    record({ version, columns: { contactid: idOf(1), firstname: 'Ada', jobtitle } });

  test('what is filtered out is left alone, or deleted where that is asked for and we wrote it', async () => {
    for (const deleteFilteredOut of [false, true]) {
      const { campaign, write } = await start({
        mapping: mapping({ filter: managers, deleteFilteredOut }),
      });
      await write(titled('Manager', '1'));
      const outcome = await write(titled('Clerk', '2'));
      expect(outcome.kind).toBe(deleteFilteredOut ? 'written' : 'skipped');
      expect(campaign.records).toHaveLength(deleteFilteredOut ? 0 : 1);
      expect(await write(titled('Clerk', '3'))).toMatchObject({ reason: 'filteredOut' });
      await write(titled('Manager', '3'));
      expect(campaign.records).toHaveLength(1);
    }
  });

  test('a value that the filter cannot read is neither in nor out: the record is a dead letter', async () => {
    const { campaign, write } = await start({
      mapping: mapping({ filter: managers, deleteFilteredOut: true }),
    });
    await write(titled('Manager', '1'));
    const unreadable = { contactid: idOf(1), firstname: 'Ada', jobtitle: 7 };
    expect(await write(record({ version: '2', columns: unreadable }))).toMatchObject({
      kind: 'rejected',
      reason: { code: 'valueUnreadable', field: 'jobtitle' },
    });
    expect(campaign.records).toHaveLength(1);
  });

  test('a record of another run, without the column that the filter asks for, is told anew later', async () => {
    const { write } = await start({ mapping: mapping({ filter: managers }) });
    const partial = record({ columns: { contactid: idOf(1), firstname: 'Ada' } });
    expect(await write(partial)).toEqual({ kind: 'skipped', reason: 'superseded' });
  });

  test('deletes that are not applied cost nothing', async () => {
    const { campaign, write } = await start({ mapping: mapping({ applyDeletes: false }) });
    await write(ada('Ada', '1'));
    expect(await write(deletion())).toEqual({ kind: 'skipped', reason: 'deletesNotApplied' });
    expect(campaign.records).toHaveLength(1);
  });
});

describe('refusals', () => {
  test.each([
    ['transient', 'retryAfter'],
    ['throttled', 'retryAfter'],
    ['credentials', 'runFailed'],
    ['forbidden', 'runFailed'],
    ['rejected', 'rejected'],
  ] as const)('%s becomes %s', async (kind, outcome) => {
    const { campaign, write } = await start();
    campaign.faults.push(kind);
    expect(await write(ada('Ada', '1'))).toMatchObject({ kind: outcome, calls: 1 });
  });

  test('a value too long is rejected with the attribute’s name, without a call', async () => {
    const { campaign, write } = await start();
    const long = ada('x'.repeat(31), '1');
    expect(await write(long)).toMatchObject({
      kind: 'rejected',
      reason: { code: 'tooLong', message: expect.stringContaining('firstname → firstName') },
    });
    expect(campaign.calls).toEqual([]);
  });

  test('an attribute that is gone fails the run with its name, and nothing is remembered', async () => {
    const failure = {
      code: 'columnMissing',
      system: 'campaign',
      message: 'profile.firstName is gone in Campaign',
      field: 'profile.firstName',
    } as const;
    const { campaign, memory, writing, write } = await start();
    writing.schema = { ...writing.schema, recheck: async () => failure };
    campaign.faults.push(refusal('rejected', 'firstName'));
    expect(await write(ada('Ada', '1'))).toEqual({ kind: 'runFailed', failure, calls: 1 });
    expect(await memory.get(idOf(1))).toBeNull();
  });

  test('a record of a table that is not mapped any more is left as it is', async () => {
    const { write } = await start();
    expect(await write(record({ table: 'account' }))).toEqual({
      kind: 'skipped',
      reason: 'notMapped',
    });
  });
});

test('whatever fails on the way, one record ends as Dynamics has it, and is there once', async () => {
  const steps = fc.array(
    fc.record({
      what: fc.constantFrom('Ada', 'Augusta', 'King', 'deleted'),
      faults: fc.array(fc.constantFrom('lost reply', 'transient', null), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (history, uri) => {
      const { campaign, writing, write } = await start();
      if (!uri) writing.place = { ...writing.place, ...byFilter() };
      campaign.uniqueKey = uri;
      for (const [index, { what, faults }] of history.entries()) {
        campaign.faults.push(...faults);
        const queued = what === 'deleted' ? deletion() : ada(what, String(index + 1));
        let attempt = 1;
        while ((await write(queued, attempt)).kind === 'retryAfter') attempt += 1;
        campaign.faults.length = 0;
        const expected = what === 'deleted' ? [] : [what];
        expect(campaign.records.map(({ firstName }) => firstName)).toEqual(expected);
      }
    }),
  );
});
