import { describe, expect, test } from '@jest/globals';
import {
  backlogOf,
  listDeadLetters,
  readCursor,
  requestRetry,
  saveCursor,
} from '@landbridge/messaging';
import { until } from '@landbridge/testing';
import type { Writer } from '../src/index.ts';
import {
  changes,
  FakeDestination,
  FakeSource,
  ingress,
  SERVERS,
  startWorld,
  toRecord,
  type World,
} from './world.ts';

const empty = (world: World) =>
  until(
    'an empty queue',
    () => backlogOf(world.bus, ingress),
    ({ queued, pending }) => queued + pending === 0,
  );
const allWritten = (
  destination: FakeDestination,
  source: Pick<FakeSource, 'changes'>,
  timeoutMs = 20_000,
) =>
  until(
    'all changes written',
    () => destination.missing(source.changes).length,
    (left) => left === 0,
    { timeoutMs },
  );

describe.each(SERVERS)('on the %s nats-server', (which) => {
  test('every change is written, in order for each key, and the figures say so', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(400, 13) });
    const destination = new FakeDestination();
    const run = await world.run(source, destination.write);
    await allWritten(destination, source);
    await empty(world);
    await run.stop('requested');
    await until(
      'the last report',
      () => world.reports.at(-1)?.kind,
      (kind) => kind === 'runStopped',
    );
    expect(destination.disorder()).toEqual([]);
    expect(destination.writes).toHaveLength(400);
    expect(world.reports[0]?.kind).toBe('runStarted');
    expect(world.reportsOf('figuresObserved').at(-1)?.tables).toMatchObject([
      { table: 'contact', read: 400, written: 400, dead: 0, calls: { campaign: 400 } },
    ]);
    expect(world.reportsOf('backlogObserved').at(-1)).toMatchObject({ queued: 0, pending: 0 });
  });

  test('a replica cut off in the middle loses nothing and reorders nothing', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(200, 9) });
    const destination = new FakeDestination();
    const doomed = await world.connect();
    const reply = Promise.withResolvers<never>();
    const slow: Writer = async (record, context) => {
      // The destination has it, and the reply never comes: the message stays unsettled.
      if (destination.writes.length >= 60) {
        await destination.write(record, context);
        await doomed.connection.close();
        return reply.promise;
      }
      return destination.write(record, context);
    };
    void world.run(source, slow, { bus: doomed });
    await until('the replica to be cut off', () => doomed.connection.isClosed(), Boolean);
    await world.run(source, destination.write);
    await allWritten(destination, source);
    await empty(world);
    reply.reject(new Error('the process of this reply is gone'));
    expect(destination.disorder()).toEqual([]);
  });

  test('two replicas share the partitions, and only one reads a table at a time', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(400, 40), pageMax: 20 });
    source.during = () => new Promise((resolve) => setTimeout(resolve, 5));
    const destination = new FakeDestination();
    const writers = new Set<string>();
    const named =
      (name: string): Writer =>
      async (record, context) => {
        writers.add(name);
        await new Promise((resolve) => setTimeout(resolve, 2));
        return destination.write(record, context);
      };
    await world.run(source, named('one'));
    await world.run(source, named('other'));
    await allWritten(destination, source);
    await empty(world);
    source.changes.push(...changes(40, 40).map(({ key }) => ({ key, version: 1_000 })));
    await allWritten(destination, source);
    expect({ readers: source.activeMax, writers: writers.size }).toEqual({
      readers: 1,
      writers: 2,
    });
    expect(destination.disorder()).toEqual([]);
  });

  test('a reader that was overtaken while it read moves nobody’s cursor', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(100, 10), pageMax: 10 });
    const table = { ...ingress, table: 'contact' };
    source.during = async () => {
      if (source.readCount !== 3) return;
      // Somebody else reads on meanwhile, much further than this reader is.
      const { revision } = await readCursor(world.bus, table);
      await saveCursor(world.bus, table, { offset: 90 }, revision);
    };
    const destination = new FakeDestination();
    await world.run(source, destination.write);
    await until(
      'the last page',
      () => destination.missing(source.changes.slice(90)).length,
      (left) => left === 0,
    );
    // The cursor follows the queue: a record may be written before it is saved.
    await until(
      'the cursor behind the last page',
      async () => (await readCursor(world.bus, table)).cursor,
      (cursor) => cursor?.['offset'] === 100,
    );
    expect(destination.missing(source.changes).length).toBe(60);
  });

  test('a poison message ends as a dead letter and slows nothing else down', async () => {
    await using world = await startWorld(which);
    for (let partition = 0; partition < 4; partition += 1) {
      await world.bus.js.publish(`queue.ingress.dev.contact.${partition}`, 'not json at all');
    }
    const source = new FakeSource({ changes: [...changes(50, 10), { key: 'bad', version: 1 }] });
    const destination = new FakeDestination();
    const write: Writer = async (record, context) =>
      record.key === 'bad'
        ? {
            kind: 'rejected',
            reason: { code: 'valueTooLong', message: 'firstName takes 50 characters' },
            cause: new Error('400'),
            calls: 1,
          }
        : destination.write(record, context);
    await world.run(source, write);
    const list = () => listDeadLetters(world.bus, ingress, { limit: 10 });
    const letters = await until('the dead letters', list, ({ length }) => length === 5);
    await allWritten(destination, { changes: source.changes.slice(0, 50) });
    await empty(world);
    expect(letters.map(({ reason }) => reason.code).sort()).toEqual([
      'unreadable',
      'unreadable',
      'unreadable',
      'unreadable',
      'valueTooLong',
    ]);
    await until(
      'the reports',
      () => world.reportsOf('recordDead').length,
      (count) => count === 5,
    );
    expect(world.reportsOf('recordDead').map(({ key }) => key)).toContain('bad');
    expect(destination.writes).toHaveLength(50);
  });

  test('a dead letter that a person retries is read again at its source', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: [{ key: 'bad', version: 1 }] });
    const destination = new FakeDestination();
    const write: Writer = async (record, context) =>
      record.version === '1'
        ? { kind: 'rejected', reason: { code: 'no', message: 'no' }, cause: new Error('400') }
        : destination.write(record, context);
    await world.run(source, write, { limits: { pollMs: 50 } });
    const list = () => listDeadLetters(world.bus, ingress, { limit: 10 });
    const [letter] = await until('the dead letter', list, ({ length }) => length === 1);
    source.changes[0] = { key: 'bad', version: 2 };
    const table = { ...ingress, table: 'contact' };
    await requestRetry(world.bus, table, { key: 'bad', deadLetterId: letter!.id });
    await until(
      'the write',
      () => destination.writes,
      ({ length }) => length === 1,
    );
    expect(destination.writes).toEqual([{ key: 'bad', version: 2 }]);
    await until('the letter to be gone', list, ({ length }) => length === 0);
  });

  test('a reader far ahead of the writers waits, so that the queue stays bounded', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(500, 50), pageMax: 10 });
    const destination = new FakeDestination();
    const gate = Promise.withResolvers<undefined>();
    const write: Writer = async (record, context) => {
      await gate.promise;
      return destination.write(record, context);
    };
    await world.run(source, write, { limits: { queueMax: 40 } });
    await until(
      'a full queue',
      () => backlogOf(world.bus, ingress),
      ({ queued, pending }) => queued + pending >= 40,
    );
    const readWhenFull = source.readCount;
    await new Promise((resolve) => setTimeout(resolve, 600));
    const readLater = source.readCount;
    gate.resolve(undefined);
    expect(readLater).toBe(readWhenFull);
    await allWritten(destination, source);
  });

  test('a stop leaves nothing in hand, so that the next start goes on at once', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(600, 40) });
    const destination = new FakeDestination();
    const slow: Writer = async (record, context) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return destination.write(record, context);
    };
    for (let round = 0; round < 4; round += 1) {
      const run = await world.run(source, slow);
      const before = destination.writes.length;
      await until(
        'some writes',
        () => destination.writes.length,
        (count) => count > before + 20,
      );
      await run.stop('requested');
      expect(await backlogOf(world.bus, ingress)).toMatchObject({ pending: 0 });
    }
    await world.run(source, destination.write);
    await allWritten(destination, source);
    await empty(world);
    expect({ writes: destination.writes.length, disorder: destination.disorder() }).toEqual({
      writes: 600,
      disorder: [],
    });
  });

  test('a restart of NATS in the middle loses nothing', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(400, 40), pageMax: 20 });
    const destination = new FakeDestination();
    const slow: Writer = async (record, context) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return destination.write(record, context);
    };
    await world.run(source, slow);
    await until(
      'some writes',
      () => destination.writes.length,
      (count) => count > 60,
    );
    await world.server.restart();
    // What was in hand waits for its ack_wait, and so may the tick.
    await allWritten(destination, source, 45_000);
    await empty(world);
    expect(destination.disorder()).toEqual([]);
  });

  test('a record too large for NATS is parked without its values, and the rest goes on', async () => {
    await using world = await startWorld(which);
    const source = new FakeSource({ changes: changes(3, 3) });
    const reader = source.reader();
    const destination = new FakeDestination();
    const huge = {
      ...toRecord('contact', { key: 'huge', version: 9 }),
      columns: { text: 'x'.repeat(9_000_000) },
    };
    const read: typeof reader.read = async (cursor, context) => {
      const batch = await reader.read(cursor, context);
      return { ...batch, records: cursor === null ? [huge, ...batch.records] : batch.records };
    };
    await world.run(source, destination.write, { readers: [{ table: 'contact', read }] });
    await allWritten(destination, source);
    const list = () => listDeadLetters(world.bus, ingress, { limit: 10 });
    const letters = await until('the dead letter', list, ({ length }) => length === 1);
    expect(letters).toMatchObject([
      { key: 'huge', reason: { code: 'recordTooLarge' }, record: { columns: {} } },
    ]);
  });
});
