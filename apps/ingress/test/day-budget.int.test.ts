import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  DEFAULT_INSTANCE_SETTINGS,
  IngressRun,
  InstanceId,
  type Report,
  RunId,
} from '@landbridge/contracts';
import { backlogOf, type Bus, connectBus, consumeReports } from '@landbridge/messaging';
import { newReplicaId, openSystemGate, watchReplicaShare } from '@landbridge/pipeline';
import { createLog } from '@landbridge/telemetry';
import { type NatsServer, startNats, until } from '@landbridge/testing';
import { readConfig } from '../src/config.ts';
import { runIngress } from '../src/run-ingress.ts';
import { idOf, mapping } from './builders.ts';
import { FakeCampaign, PROFILE } from './fake-campaign.ts';
import { CONTACT, FakeDynamics } from './fake-dynamics.ts';

const log = createLog('ingress-test', 'silent');
const config = readConfig({
  LANDBRIDGE_NATS_URL: 'nats://127.0.0.1:4222',
  LANDBRIDGE_KEY: 'A'.repeat(43),
  LANDBRIDGE_POLL_MS: '50',
  LANDBRIDGE_PARTITIONS: '4',
  LANDBRIDGE_PAGE_ROWS: '50',
});
const MIDNIGHT = Date.parse('2026-11-25T00:00:00.000Z');
const CALLS_PER_DAY = 100;

describe('a day that is spent in the middle of a load', () => {
  let nats: NatsServer;
  let bus: Bus;
  const reports: Report[] = [];
  const listening = new AbortController();
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    nats = await startNats({ server: 'newest' });
    bus = await connectBus({ url: nats.url, name: 'budget-test', log });
    void consumeReports(
      bus,
      async (report) => {
        if (report.kind !== 'unreadable') reports.push(report);
      },
      listening.signal,
    );
  });
  afterAll(async () => {
    // A test that failed has left its run going, which would hold the process up.
    await Promise.all(closing.map((close) => close()));
    listening.abort();
    await bus.close();
    await nats.stop();
  });

  test('waits with its condition, and goes on by itself when the next one begins', async () => {
    const instance = InstanceId.parse('budget');
    const dynamics = new FakeDynamics();
    const campaign = new FakeCampaign();
    for (let number = 1; number <= 150; number += 1) {
      dynamics.put(idOf(number), { firstname: `F${number}`, jobtitle: null });
    }
    const run = IngressRun.parse({
      state: 'running',
      workflow: 'ingress',
      instance,
      runId: RunId.parse(randomUUID()),
      revision: 1,
      configuration: { mappings: [mapping()] },
      settings: DEFAULT_INSTANCE_SETTINGS,
      sealedConnections: '',
      position: '1',
      traceparent: null,
    });
    const clock = { now: new Date(MIDNIGHT - 1_000) };
    const now = () => clock.now;
    const replica = newReplicaId();
    const share = watchReplicaShare(bus, { workflow: 'ingress', instance, replica });
    const limits = { requestsPerSecond: 5_000, inFlightMax: 8, callsPerDay: CALLS_PER_DAY };
    const of = { instance, system: 'campaign' } as const;
    const gate = openSystemGate(bus, of, { limits, share, now });
    const { insert } = campaign;
    campaign.insert = (...call) => gate.gate(() => insert(...call));
    const ends = {
      dynamics: Object.assign(dynamics, { table: async () => ({ value: CONTACT, calls: 1 }) }),
      campaign: Object.assign(campaign, {
        resource: async () => ({ value: PROFILE, calls: 1 }),
        probeAddressing: async () => ({ value: 'uriKey' as const, calls: 1 }),
      }),
      destination: 'campaign.test',
      close: async () => gate.close(),
    };
    const context = { replica, signal: new AbortController().signal };
    const handle = await runIngress(run, context, { bus, config, log, open: async () => ends });
    closing.push(
      () => handle.stop('shutdown'),
      async () => share.close(),
    );

    const raised = await until(
      'the condition',
      () => reports.find((report) => report.kind === 'conditionRaised'),
      (report) => report !== undefined,
    );
    expect(raised).toMatchObject({ condition: 'BudgetSpent' });
    expect(JSON.stringify(raised)).toContain('goes on by itself at 2026-11-25T00:00:00.000Z');
    await until(
      'the last call of the day, and the rest to wait',
      async () => {
        const { queued, pending } = await backlogOf(bus, run);
        return { there: campaign.records.length, waiting: queued + pending };
      },
      ({ there, waiting }) => there === CALLS_PER_DAY && waiting >= 50,
    );
    expect(campaign.records).toHaveLength(CALLS_PER_DAY);

    clock.now = new Date(MIDNIGHT);
    await until(
      'the next day to bring the rest',
      () => campaign.records.length,
      (count) => count === 150,
    );
    expect(reports.some(({ kind }) => kind === 'runFailed')).toBe(false);
  });
});
