import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { DEFAULT_INSTANCE_SETTINGS, InstanceId } from '@landbridge/contracts';
import {
  type Bus,
  changeDeletes,
  connectBus,
  countDeletes,
  decideDeletes,
  findDelete,
  lastDeleteSequence,
  openRetries,
  readDeletes,
  type WrittenMemory,
  writtenMemory,
} from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { type NatsServer, startNats } from '@landbridge/testing';
import { carryOutDecision } from '../src/deleting/carry-out.ts';
import { createDeleteGuard } from '../src/deleting/delete-guard.ts';
import { createRecordWriter } from '../src/writing/record.writer.ts';
import { deletion, idOf, mapping, record, writingAt } from './builders.ts';

describe.each(['newest', 'floor'] as const)('on the %s nats-server', (server) => {
  let nats: NatsServer;
  let bus: Bus;
  beforeAll(async () => {
    nats = await startNats({ server });
    bus = await connectBus({ url: nats.url, name: 'guard', log: createLog('test', 'silent') });
  });
  afterAll(async () => {
    await bus.close();
    await nats.stop();
  });

  /** A table with so many written records, of which three may go unasked, and two replicas. */
  async function world(count: number, over: Parameters<typeof mapping>[0] = {}) {
    const instance = InstanceId.parse(`i${randomUUID().slice(0, 8)}`);
    const at = { workflow: 'ingress', instance, table: 'contact' } as const;
    const memory: WrittenMemory = writtenMemory(bus, at);
    await memory.put('_complete', { hash: null, version: null });
    const massDeletes = { ...DEFAULT_INSTANCE_SETTINGS.massDeletes, share: 0, unasked: 3 };
    const { campaign, writing } = await writingAt({ memory, mapping: mapping(over) });
    const replica = () => {
      const deletes = createDeleteGuard({ bus, at, memory, massDeletes });
      return createRecordWriter(new Map([['contact', { ...writing, deletes }]]));
    };
    const replicas = [replica(), replica()];
    const { signal } = new AbortController();
    let turn = 0;
    const write = (...[change]: Parameters<typeof record>) => {
      turn += 1;
      const writer = replicas[turn % 2];
      if (writer === undefined) throw new Error('no writer');
      return writer(record({ instance, ...change }), { attempt: 1, signal });
    };
    const remove = (number: number) => write(deletion({ instance, key: idOf(number) }));
    for (let number = 1; number <= count; number += 1) await write({ key: idOf(number) });
    const decide = async (kind: 'approve' | 'discard', position = '7') => {
      const upToSequence = await lastDeleteSequence(bus);
      await decideDeletes(bus, at, { position, kind, upToSequence });
      while (await carryOutDecision(bus, at));
    };
    const held = () => countDeletes(bus, at, 'held');
    return { at, campaign, memory, write, remove, decide, held, massDeletes };
  }
  const waits = { kind: 'skipped', reason: 'deleteHeld' };

  test('deletes go through until one is too many for all replicas together; then all wait', async () => {
    const { campaign, remove, write, held } = await world(8);
    const numbers = [1, 2, 3, 4, 5, 6];
    const outcomes = await Promise.all(numbers.map((number) => remove(number)));
    expect(outcomes.filter(({ kind }) => kind === 'written')).toHaveLength(3);
    expect(outcomes.filter(({ kind }) => kind === 'skipped')).toEqual([waits, waits, waits]);
    expect(campaign.records).toHaveLength(5);
    expect(await held()).toBe(3);
    expect(
      await remove(numbers[outcomes.findIndex(({ kind }) => kind === 'skipped')] ?? 0),
    ).toEqual(waits);
    expect(await held()).toBe(3);
    expect(await write({ key: idOf(9) })).toMatchObject({ kind: 'written' });
  });

  test('approved, each is read again at the source, and what is still gone is deleted', async () => {
    const { at, campaign, remove, write, decide, held } = await world(8);
    for (const number of [1, 2, 3, 4, 5]) await remove(number);
    await decide('approve');
    expect({
      held: await held(),
      asked: (await (await openRetries(bus, at)).info()).num_pending,
    }).toEqual({
      held: 0,
      asked: 2,
    });
    expect(await remove(4)).toMatchObject({ kind: 'written' });
    const back = {
      key: idOf(5),
      version: '11',
      columns: { contactid: idOf(5), firstname: 'Back', jobtitle: null },
    };
    expect(await write(back)).toMatchObject({ kind: 'written' });
    expect(campaign.byKey.get(idOf(5))).toMatchObject({ firstName: 'Back' });
    expect(await findDelete(bus, at, idOf(5))).toBeNull();
    expect(await findDelete(bus, at, idOf(4))).toBeNull();
    expect(await remove(6)).toMatchObject({ kind: 'written' });
  });

  test('discarded, they stay, until the record changes', async () => {
    const { at, memory, campaign, remove, write, decide, held, massDeletes } = await world(6);
    for (const number of [1, 2, 3, 4]) await remove(number);
    await decide('discard');
    expect(campaign.byKey.has(idOf(4))).toBe(true);
    const guard = createDeleteGuard({ bus, at, memory, massDeletes });
    const entry = await memory.get(idOf(4));
    if (entry === null) throw new Error('it was forgotten');
    expect(await guard.isKnown(idOf(4), entry)).toBe('discarded');
    expect(await held()).toBe(0);
    await write({ key: idOf(4), version: '12' });
    expect(await findDelete(bus, at, idOf(4))).toBeNull();
    expect(await remove(4)).toMatchObject({ kind: 'written' });
  });

  test('a record that comes back while its delete waits is off the list, though nothing of it changed', async () => {
    const { at, remove, write, held } = await world(5);
    for (const number of [1, 2, 3, 4]) await remove(number);
    expect(await held()).toBe(1);
    expect(await write({ key: idOf(4), version: '11' })).toEqual({
      kind: 'skipped',
      reason: 'unchanged',
    });
    expect(await held()).toBe(0);
    expect((await readDeletes(bus, at)).heldSince).not.toBeNull();
  });

  test('records that leave the filter are deletes too; kept ones are asked of again when they change', async () => {
    const filter = { dynamics: 'firstname', is: 'eq', value: 'Ada' } as const;
    const { write, decide } = await world(5, { filter, deleteFilteredOut: true });
    const leaves = (number: number, version: string) =>
      write({
        key: idOf(number),
        version,
        columns: { contactid: idOf(number), firstname: 'Bob', jobtitle: null },
      });
    for (const number of [1, 2, 3])
      expect(await leaves(number, '11')).toMatchObject({ kind: 'written' });
    expect(await leaves(4, '11')).toEqual(waits);
    await decide('discard');
    expect(await leaves(4, '11')).toEqual({ kind: 'skipped', reason: 'deleteDiscarded' });
    expect(await leaves(4, '12')).toMatchObject({ kind: 'written' });
  });

  test('of too many that are announced not one goes through; those never written do not count', async () => {
    const { at, memory, remove, massDeletes } = await world(5);
    const guard = createDeleteGuard({ bus, at, memory, massDeletes });
    await guard.announce([1, 2, 3, 101, 102, 103].map(idOf));
    expect(await remove(1)).toMatchObject({ kind: 'written' });
    await guard.announce([2, 3, 4].map(idOf));
    expect(await remove(2)).toEqual(waits);
  });

  test('a delete that Campaign did not take does not count, however often it is tried', async () => {
    const { at, campaign, remove } = await world(5);
    campaign.faults.push('transient', 'transient', 'transient', 'transient');
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(await remove(1)).toMatchObject({ kind: 'retryAfter' });
    }
    expect(await remove(1)).toMatchObject({ kind: 'written' });
    const { done } = await readDeletes(bus, at);
    expect(done.reduce((sum, { count }) => sum + count, 0)).toBe(1);
  });

  test('a decision is for what waited when it was made, and is carried out once', async () => {
    const { at, remove, decide, held } = await world(8);
    for (const number of [1, 2, 3, 4, 5]) await remove(number);
    const upToSequence = await lastDeleteSequence(bus);
    await remove(6);
    await decideDeletes(bus, at, { position: '7', kind: 'approve', upToSequence });
    while (await carryOutDecision(bus, at));
    expect(await held()).toBe(1);
    expect(await readDeletes(bus, at)).toMatchObject({ decision: null, donePosition: '7' });
    expect((await readDeletes(bus, at)).heldSince).not.toBeNull();
    await decide('discard', '7');
    expect(await held()).toBe(1);
    await changeDeletes(bus, at, (ledger) => ({
      next: { ...ledger, done: [] },
      answer: undefined,
    }));
    await decide('discard', '8');
    expect(await held()).toBe(0);
  });
});
