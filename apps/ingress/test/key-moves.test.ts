import { describe, expect, test } from '@jest/globals';
import type { QueuedRecord } from '@landbridge/contracts';
import { createRecordWriter } from '../src/writing/record.writer.ts';
import { deletion, idOf, mapping, record, writingAt } from './builders.ts';
import { refusal } from './fake-campaign.ts';

async function start(over: Parameters<typeof writingAt>[0] = {}) {
  const { campaign, writing } = await writingAt(over);
  const write = (queued: QueuedRecord, attempt = 1) =>
    createRecordWriter(new Map([['contact', writing]]))(queued, {
      attempt,
      signal: new AbortController().signal,
    });
  return { campaign, write };
}

describe('a key that is not the primary id', () => {
  const byName = mapping({
    key: { dynamics: 'jobtitle', campaign: 'externalId' },
    fields: [{ dynamics: 'firstname', campaign: 'firstName', applyUpdates: true }],
  });
  const named = (jobtitle: string | null, version: string) =>
    record({ version, columns: { contactid: idOf(1), firstname: 'Ada', jobtitle } });

  test('a record whose key changes is one record under the new key, though nothing else changed', async () => {
    const { campaign, write } = await start({ mapping: byName });
    await write(named('A-1', '1'));
    expect(await write(named('B-2', '2'))).toEqual({ kind: 'written', calls: 2 });
    expect(campaign.records).toEqual([{ externalId: 'B-2', firstName: 'Ada' }]);
    expect(await write(named('B-2', '3'))).toEqual({ kind: 'skipped', reason: 'unchanged' });
    expect(await write(deletion())).toEqual({ kind: 'written', calls: 1 });
    expect(campaign.records).toEqual([]);
  });

  test('a crash between the two calls leaves one record in the end', async () => {
    const { campaign, write } = await start({ mapping: byName });
    await write(named('A-1', '1'));
    campaign.faults.push(null, refusal('transient'));
    expect(await write(named('B-2', '2'))).toMatchObject({ kind: 'retryAfter' });
    expect(await write(named('B-2', '2'), 2)).toEqual({ kind: 'written', calls: 3 });
    expect(campaign.records).toEqual([{ externalId: 'B-2', firstName: 'Ada' }]);
  });

  test('a key that somebody else’s record has already leaves both records as they are', async () => {
    const { campaign, write } = await start({ mapping: byName });
    await write(named('A-1', '1'));
    campaign.records.push({ externalId: 'B-2', firstName: 'Eve' });
    expect(await write(named('B-2', '2'))).toMatchObject({ kind: 'skipped', reason: 'notOurs' });
    expect(campaign.records).toEqual([
      { externalId: 'A-1', firstName: 'Ada' },
      { externalId: 'B-2', firstName: 'Eve' },
    ]);
  });

  /** Where the new key is free and another record holds a value that must be unique. */
  const takenElsewhere = [refusal('duplicateKey'), null] as const;

  test('an old record that stands in the way makes room for itself under the new key', async () => {
    const { campaign, write } = await start({ mapping: byName });
    await write(named('A-1', '1'));
    campaign.faults.push(...takenElsewhere);
    expect(await write(named('B-2', '2'))).toEqual({ kind: 'written', calls: 4 });
    expect(campaign.records).toEqual([{ externalId: 'B-2', firstName: 'Ada' }]);
  });

  test('a record that made room in vain says so, and is not taken for written ever after', async () => {
    const { campaign, write } = await start({ mapping: byName });
    await write(named('A-1', '1'));
    campaign.faults.push(...takenElsewhere, null, ...takenElsewhere);
    const told = {
      kind: 'rejected',
      reason: {
        code: 'duplicateValue',
        message: expect.stringMatching(/another record.*earlier key was deleted in Campaign/),
      },
    };
    expect(await write(named('B-2', '2'))).toMatchObject(told);
    expect(campaign.records).toEqual([]);
    campaign.faults.push(...takenElsewhere);
    expect(await write(named('B-2', '2'))).toMatchObject(told);
    // The person gives it its old key back, and so its old content.
    expect(await write(named('A-1', '3'))).toMatchObject({ kind: 'written' });
    expect(campaign.records).toEqual([{ externalId: 'A-1', firstName: 'Ada' }]);
    campaign.faults.push(refusal('rejected', 'firstName'));
    const other = await write(
      record({ version: '4', columns: { ...named('A-1', '4').columns, firstname: 'Eva' } }),
    );
    expect(other).toMatchObject({
      reason: { message: expect.not.stringContaining('earlier key') },
    });
  });

  test('a process that dies after making room writes the record when it comes again', async () => {
    const { campaign, write } = await start({ mapping: byName });
    await write(named('A-1', '1'));
    campaign.faults.push(...takenElsewhere, null, refusal('transient'));
    expect(await write(named('B-2', '2'))).toMatchObject({ kind: 'retryAfter' });
    expect(campaign.records).toEqual([]);
    expect(await write(named('B-2', '2'), 2)).toMatchObject({ kind: 'written' });
    expect(campaign.records).toEqual([{ externalId: 'B-2', firstName: 'Ada' }]);
  });

  test('a key that is emptied rejects the record, and what is in Campaign stays', async () => {
    const { campaign, write } = await start({ mapping: byName });
    await write(named('A-1', '1'));
    expect(await write(named(null, '2'))).toMatchObject({ reason: { code: 'keyEmpty' } });
    expect(campaign.records).toHaveLength(1);
  });
});
