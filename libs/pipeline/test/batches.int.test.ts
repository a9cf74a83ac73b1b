import { describe, expect, test } from '@jest/globals';
import { backlogOf, listDeadLetters, requestRetry } from '@landbridge/messaging';
import { until } from '@landbridge/testing';
import type { BatchWriter, WriteOutcome } from '../src/index.ts';
import {
  changes,
  FakeDestination,
  FakeSource,
  ingress,
  SERVERS,
  startWorld,
  type World,
} from './world.ts';

const written = (destination: FakeDestination, source: Pick<FakeSource, 'changes'>) =>
  until(
    'all changes written',
    () => destination.missing(source.changes).length,
    (left) => left === 0,
  );
const empty = (world: World) =>
  until(
    'an empty queue',
    () => backlogOf(world.bus, ingress),
    ({ queued, pending }) => queued + pending === 0,
  );

/** Keeps every batch's size, and lets the destination take what `judge` has no other outcome for. */
class BatchDestination extends FakeDestination {
  readonly sizes: number[] = [];
  judge: (key: string) => WriteOutcome | null = () => null;

  readonly batch: BatchWriter = async (records, context) => {
    this.sizes.push(records.length);
    const outcomes: WriteOutcome[] = [];
    for (const record of records) {
      outcomes.push(this.judge(record.key) ?? (await this.write(record, context)));
    }
    return outcomes;
  };
}

describe.each(SERVERS)('on the %s nats-server', (which) => {
  test('a batch of 1,000 with 7 bad records writes 993 and parks 7', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(1_000, 1_000), pageMax: 1_000 });
    const destination = new BatchDestination();
    const bad = new Set(['k3', 'k141', 'k262', 'k500', 'k501', 'k777', 'k999']);
    destination.judge = (key) =>
      bad.has(key)
        ? { kind: 'rejected', reason: { code: 'no', message: 'no' }, cause: new Error('400') }
        : null;
    const filled = Promise.withResolvers<undefined>();
    const batch: BatchWriter = async (records, context) => {
      await filled.promise;
      return destination.batch(records, context);
    };
    await world.run(source, { batch, recordsMax: 1_000 }, { partitions: 1 });
    await until(
      'the whole queue',
      () => backlogOf(world.bus, ingress),
      ({ queued, pending }) => queued + pending === 1_000,
    );
    filled.resolve(undefined);
    await empty(world);
    const letters = await listDeadLetters(world.bus, ingress, { limit: 10 });
    expect(new Set(letters.map(({ key }) => key))).toEqual(bad);
    expect(destination.writes).toHaveLength(993);
    expect(destination.sizes.length).toBeLessThan(10);
  });

  test('what time heals comes again by itself, and nothing else with it', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(60, 60) });
    const destination = new BatchDestination();
    const tried = new Map<string, number>();
    destination.judge = (key) => {
      tried.set(key, (tried.get(key) ?? 0) + 1);
      return key === 'k7' && tried.get(key) === 1
        ? { kind: 'retryAfter', delayMs: 300, cause: new Error('503') }
        : null;
    };
    await world.run(source, { batch: destination.batch, recordsMax: 50 });
    await written(destination, source);
    await empty(world);
    expect([...tried].filter(([, times]) => times > 1)).toEqual([['k7', 2]]);
  });

  test('a stop leaves nothing in hand, so that the next start goes on at once', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(2_000, 50), pageMax: 500 });
    const destination = new BatchDestination();
    const slow: BatchWriter = async (records, context) => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return destination.batch(records, context);
    };
    for (let round = 0; round < 3; round += 1) {
      const run = await world.run(source, { batch: slow, recordsMax: 50 });
      const before = destination.writes.length;
      await until(
        'some writes',
        () => destination.writes.length,
        (count) => count > before,
      );
      await run.stop('requested');
      expect(await backlogOf(world.bus, ingress)).toMatchObject({ pending: 0 });
    }
    await world.run(source, { batch: slow, recordsMax: 500 });
    await written(destination, source);
    await empty(world);
    expect(destination.writes).toHaveLength(2_000);
  });

  test('a replica cut off between the batch and its acknowledgement loses nothing', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(400, 40) });
    const destination = new BatchDestination();
    const doomed = await world.connect();
    const reply = Promise.withResolvers<never>();
    const batch: BatchWriter = async (records, context) => {
      const outcomes = await destination.batch(records, context);
      if (destination.writes.length < 100) return outcomes;
      await doomed.connection.close();
      return reply.promise;
    };
    void world.run(source, { batch, recordsMax: 60 }, { bus: doomed });
    await until('the replica to be cut off', () => doomed.connection.isClosed(), Boolean);
    await world.run(source, { batch: destination.batch, recordsMax: 60 });
    await written(destination, source);
    await empty(world);
    reply.reject(new Error('the process of this reply is gone'));
  });

  test('what outlasts the time that JetStream waits is still written once', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(40, 40) });
    const destination = new BatchDestination();
    const batch: BatchWriter = async (records, context) => {
      await new Promise((resolve) => setTimeout(resolve, 12_000));
      return destination.batch(records, context);
    };
    await world.run(source, { batch, recordsMax: 100 }, { partitions: 1 });
    await written(destination, source);
    await empty(world);
    expect(destination.writes).toHaveLength(40);
  });

  test('a letter whose source cannot be read again is queued as it was', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: [{ key: 'bad', version: 1 }] });
    const reader = source.reader();
    const { table } = reader;
    const destination = new BatchDestination();
    const refused = { code: 'no', message: 'no' };
    let mended = false;
    destination.judge = () =>
      mended ? null : { kind: 'rejected', reason: refused, cause: new Error('400') };
    const read: typeof reader.read = (cursor, context) => reader.read(cursor, context);
    const readers = [{ table, read, again: 'allTables' as const }];
    const options = { readers, limits: { pollMs: 50 } };
    await world.run(source, { batch: destination.batch, recordsMax: 10 }, options);
    const list = () => listDeadLetters(world.bus, ingress, { limit: 10 });
    const [letter] = await until('the dead letter', list, ({ length }) => length === 1);
    mended = true;
    await requestRetry(world.bus, { ...ingress, table }, { key: 'bad', deadLetterId: letter!.id });
    await until('the letter to be gone', list, ({ length }) => length === 0);
    await until(
      'the write',
      () => destination.writes,
      ({ length }) => length === 1,
    );
    expect(destination.writes).toEqual([{ key: 'bad', version: 1 }]);
  });
});
