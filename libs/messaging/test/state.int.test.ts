import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DesiredState, InstanceId, type Report } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import {
  agreePartitions,
  consumeReports,
  CursorMoved,
  publishDesired,
  publishReport,
  readCursor,
  readDesired,
  saveCursor,
  sendHeartbeat,
  type UnreadableReport,
  watchDesired,
  watchHeartbeats,
} from '../src/index.ts';
import { backlogReport, desiredRun, ingress, instance, replica } from './builders.ts';
import { type Fixture, SERVERS, startBus } from './bus-fixture.ts';

describe.each(SERVERS)('what services agree on, on the %s nats-server', (which) => {
  let nats: Fixture;
  beforeAll(async () => {
    nats = await startBus(which);
  });
  afterAll(async () => nats[Symbol.asyncDispose]());
  const table = (name: string) => ({ ...ingress, table: name });

  test('a desired state never goes back in position, whoever publishes last', async () => {
    const newer = desiredRun({ position: '10' });
    expect(await publishDesired(nats.bus, newer)).toBe(true);
    expect(await publishDesired(nats.bus, desiredRun({ position: '9' }))).toBe(false);
    expect(await publishDesired(nats.bus, newer)).toBe(false);
    expect(await readDesired(nats.bus, ingress)).toEqual(newer);
  });

  test('of many that publish at once, the highest position stays', async () => {
    const other = InstanceId.parse('race');
    const positions = Array.from({ length: 12 }, (_, index) => String(100 + ((index * 5) % 12)));
    await Promise.all(
      positions.map((position) =>
        publishDesired(nats.bus, desiredRun({ instance: other, position })),
      ),
    );
    const found = await readDesired(nats.bus, { workflow: 'ingress', instance: other });
    expect(found?.position).toBe('111');
  });

  test('a watcher hears of what is there, of what changes, and nothing after it closed', async () => {
    const stage = InstanceId.parse('stage');
    const heard: (DesiredState | null)[] = [];
    await publishDesired(nats.bus, desiredRun({ instance: stage, position: '1' }));
    const watch = await watchDesired(nats.bus, 'ingress', (of, state) => {
      if (of === stage) heard.push(state);
    });
    await until(
      'the first state',
      () => heard.length,
      (count) => count > 0,
    );
    await publishDesired(nats.bus, desiredRun({ instance: stage, position: '2' }));
    await until(
      'the second state',
      () => heard.at(-1)?.position,
      (seen) => seen === '2',
    );
    await watch.close();
    await publishDesired(nats.bus, desiredRun({ instance: stage, position: '3' }));
    expect(heard.at(-1)?.position).toBe('2');
  });

  test('of two readers with the same cursor one saves and the other learns that it moved', async () => {
    const at = table('two_readers');
    const { cursor, revision } = await readCursor(nats.bus, at);
    expect({ cursor, revision }).toEqual({ cursor: null, revision: 0 });
    const next = await saveCursor(nats.bus, at, { page: 1 }, revision);
    await expect(saveCursor(nats.bus, at, { page: 9 }, revision)).rejects.toThrow(CursorMoved);
    await saveCursor(nats.bus, at, { page: 2 }, next);
    expect((await readCursor(nats.bus, at)).cursor).toEqual({ page: 2 });
  });

  test('the number of partitions is chosen by the first and kept by all', async () => {
    const asked = [8, 32, 16].map((count) => agreePartitions(nats.bus, ingress, count));
    const agreed = await Promise.all(asked);
    expect(new Set(agreed).size).toBe(1);
    expect(await agreePartitions(nats.bus, ingress, 64)).toBe(agreed[0]);
  });

  test('reports come in order, once each, and again only when their handler failed', async () => {
    const taken: (Report | UnreadableReport)[] = [];
    const reports = [1, 2, 3].map(backlogReport);
    for (const report of reports) await publishReport(nats.bus, report);
    await publishReport(nats.bus, reports[0]!);
    await nats.bus.js.publish('reports.ingress.dev.unknown', '{"kind":"unknown"}');
    await publishReport(nats.bus, backlogReport(4));
    const done = new AbortController();
    let failing = true;
    const consuming = consumeReports(
      nats.bus,
      async (report) => {
        if (report.kind === 'backlogObserved' && report.queued === 2 && failing) {
          failing = false;
          throw new Error('the log is away');
        }
        taken.push(report);
      },
      done.signal,
    );
    await until(
      'all reports',
      () => taken.length,
      (count) => count >= 5,
    );
    done.abort();
    await consuming;
    expect(taken.map((report) => ('queued' in report ? report.queued : report.kind))).toEqual([
      1,
      2,
      3,
      'unreadable',
      4,
    ]);
  });

  test('who listens hears heartbeats, and not what is none', async () => {
    const heard: string[] = [];
    const listening = watchHeartbeats(nats.bus, (heartbeat) => heard.push(heartbeat.replica));
    await nats.bus.connection.flush();
    const other = await nats.connect();
    other.connection.publish('heartbeat.ingress.x', 'not json');
    const at = new Date().toISOString();
    sendHeartbeat(other, {
      workflow: 'ingress',
      replica,
      at,
      runs: [{ instance, runId: desiredRun().runId }],
    });
    await until(
      'the heartbeat',
      () => heard.length,
      (count) => count > 0,
    );
    listening.close();
    expect(heard).toEqual([replica]);
  });
});
