import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  DEFAULT_INSTANCE_SETTINGS,
  type IngressRun,
  InstanceId,
  type Report,
  Revision,
  RunId,
  type TableMapping,
} from '@landbridge/contracts';
import { backlogOf, type Bus, connectBus, consumeReports } from '@landbridge/messaging';
import { newReplicaId, RunFailedError, type RunHandle } from '@landbridge/pipeline';
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
  LANDBRIDGE_METADATA_MS: '200',
});

describe.each(['newest', 'floor'] as const)('on the %s nats-server', (server) => {
  let nats: NatsServer;
  let bus: Bus;
  const reports: Report[] = [];
  const handles: RunHandle[] = [];
  const listening = new AbortController();

  beforeAll(async () => {
    nats = await startNats({ server });
    bus = await connectBus({ url: nats.url, name: 'ingress-test', log });
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
    await Promise.all(handles.map((handle) => handle.stop('shutdown')));
    listening.abort();
    await bus.close();
    await nats.stop();
  });

  /** One instance with fakes at both ends, which runs can be started for again and again. */
  function world() {
    const instance = InstanceId.parse(`i${randomUUID().slice(0, 8)}`);
    const dynamics = new FakeDynamics();
    const campaign = new FakeCampaign();
    const schemas = { table: CONTACT, resource: PROFILE };
    const ends = {
      dynamics: Object.assign(dynamics, {
        table: async (_name: string) => ({ value: schemas.table, calls: 1 }),
      }),
      campaign: Object.assign(campaign, {
        resource: async () => ({ value: schemas.resource, calls: 1 }),
        probeAddressing: async () => ({ value: 'uriKey' as const, calls: 1 }),
      }),
      destination: 'campaign.test',
      close: async () => undefined,
    };
    const start = async (
      over: Partial<TableMapping> = {},
      ...others: TableMapping[]
    ): Promise<RunHandle> => {
      const run: IngressRun = {
        state: 'running',
        workflow: 'ingress',
        instance,
        runId: RunId.parse(randomUUID()),
        revision: Revision.parse(1),
        configuration: { mappings: [mapping(over), ...others] },
        settings: DEFAULT_INSTANCE_SETTINGS,
        replays: [],
        sealedConnections: '',
        position: '1',
        traceparent: null,
      };
      const context = { replica: newReplicaId(), signal: new AbortController().signal };
      const handle = await runIngress(run, context, { bus, config, log, open: async () => ends });
      handles.push(handle);
      return handle;
    };
    const settled = async () => {
      const { queued, pending } = await backlogOf(bus, { workflow: 'ingress', instance });
      return queued + pending;
    };
    const inStep = () =>
      until(
        'Campaign to hold what Dynamics holds',
        () => ({ there: campaign.byKey, count: campaign.records.length }),
        ({ there, count }) =>
          count === dynamics.rows.size &&
          [...dynamics.rows].every(
            ([id, { columns }]) => there.get(id)?.['firstName'] === columns['firstname'],
          ),
      );
    const failureOf = async (handle: RunHandle) => {
      const end = await handle.ended;
      return end.outcome === 'failed' ? end.failure : null;
    };
    return { instance, dynamics, campaign, ends, schemas, start, settled, inStep, failureOf };
  }

  const fill = (dynamics: FakeDynamics, from: number, to: number) => {
    for (let number = from; number <= to; number += 1) {
      dynamics.put(idOf(number), { firstname: `F${number}`, jobtitle: null });
    }
  };

  test('a first load, changes and deletes arrive with one call each, and are reported', async () => {
    const { instance, dynamics, campaign, start, inStep } = world();
    fill(dynamics, 1, 120);
    const handle = await start();
    await inStep();
    expect(campaign.calls).toHaveLength(120);
    dynamics.put(idOf(5), { firstname: 'Changed', jobtitle: null });
    dynamics.remove(idOf(6));
    await inStep();
    await handle.stop('requested');
    expect(campaign.calls.slice(120).sort()).toEqual(['delete', 'patch']);
    const figures = await until(
      'the last figures',
      () =>
        reports
          .filter((report) => report.kind === 'figuresObserved')
          .findLast((report) => report.instance === instance)?.tables[0],
      (table) => table?.written === 122,
    );
    expect(figures?.calls.campaign).toBeGreaterThanOrEqual(124);
    await until(
      'the last report',
      () => reports.some(({ kind, instance: of }) => kind === 'runStopped' && of === instance),
      (told) => told,
    );
  });

  test('a process that goes away in the middle loses none and doubles none', async () => {
    const { dynamics, campaign, start, inStep } = world();
    fill(dynamics, 1, 200);
    const first = await start();
    await until(
      'some records',
      () => campaign.records.length,
      (count) => count > 20,
    );
    campaign.faults.push('lost reply', 'lost reply');
    await first.stop('shutdown');
    const [second, third] = await Promise.all([start(), start()]);
    await inStep();
    await Promise.all([second.stop('requested'), third.stop('requested')]);
    expect(campaign.records).toHaveLength(200);
  });

  test('a stop keeps the backlog, and the next start goes on with it', async () => {
    const { dynamics, campaign, start, settled, inStep } = world();
    fill(dynamics, 1, 40);
    campaign.faults.push(...Array.from({ length: 10_000 }, () => 'transient' as const));
    const first = await start();
    await until('a backlog', settled, (count) => count === 40);
    await first.stop('requested');
    expect(await settled()).toBe(40);
    campaign.faults.length = 0;
    const second = await start();
    await inStep();
    await second.stop('requested');
    expect(await settled()).toBe(0);
  });

  test('a column that disappears fails the run with its name; mended, it goes on from there', async () => {
    const { dynamics, schemas, start, inStep, failureOf } = world();
    fill(dynamics, 1, 20);
    const first = await start();
    await inStep();
    schemas.table = {
      ...CONTACT,
      columns: CONTACT.columns.filter(({ name }) => name !== 'firstname'),
    };
    expect(await failureOf(first)).toMatchObject({
      code: 'columnMissing',
      system: 'dynamics',
      field: 'contact.firstname',
    });
    await expect(start()).rejects.toThrow(RunFailedError);
    fill(dynamics, 21, 30);
    schemas.table = CONTACT;
    dynamics.calls.length = 0;
    const second = await start();
    await inStep();
    await second.stop('requested');
    expect(dynamics.calls).not.toContain('first page');
  });

  test('what Campaign took without an attribute that was gone is written again once it is back', async () => {
    const { dynamics, campaign, schemas, start, inStep, failureOf } = world();
    fill(dynamics, 1, 5);
    const first = await start();
    await inStep();
    // Campaign drops attributes that it does not know, without a word.
    const patch = campaign.patchByKey;
    campaign.patchByKey = async (resource, key) => patch(resource, key, {});
    dynamics.put(idOf(3), { firstname: 'Lost on the way', jobtitle: null });
    await until(
      'the spoilt write',
      () => campaign.calls,
      (calls) => calls.includes('patch'),
    );
    schemas.resource = {
      ...PROFILE,
      fields: PROFILE.fields.filter(({ name }) => name !== 'firstName'),
    };
    expect(await failureOf(first)).toMatchObject({
      system: 'campaign',
      field: 'profile.firstName',
    });
    schemas.resource = PROFILE;
    campaign.patchByKey = patch;
    const second = await start();
    await inStep();
    await second.stop('requested');
  });

  test('both systems are asked about all tables at once; of two faults the first table’s is told', async () => {
    const { ends, start } = world();
    const asked = Promise.withResolvers<undefined>();
    ends.dynamics.table = async (table) => {
      if (table === 'contact') await asked.promise;
      else asked.resolve(undefined);
      return { value: { ...CONTACT, table, changeTracking: false }, calls: 1 };
    };
    const account = mapping({ dynamicsTable: 'account', campaignResource: 'cusCompany' });
    await expect(start({}, account)).rejects.toMatchObject({
      failure: { code: 'changeTrackingOff', field: 'contact' },
    });
  });

  test('an expired link heals itself, with what was deleted meanwhile', async () => {
    const { instance, dynamics, start, inStep } = world();
    fill(dynamics, 1, 70);
    const first = await start();
    await inStep();
    await first.stop('requested');
    dynamics.remove(idOf(10));
    dynamics.expireLinks();
    const second = await start();
    await inStep();
    await second.stop('requested');
    expect(
      reports.find((report) => report.kind === 'cursorReset' && report.instance === instance),
    ).toMatchObject({ table: 'contact' });
  });

  test('a record that Campaign will never take is parked, and the others go on', async () => {
    const { instance, dynamics, campaign, start } = world();
    fill(dynamics, 1, 30);
    dynamics.put(idOf(99), { firstname: 'x'.repeat(31), jobtitle: null });
    const handle = await start();
    await until(
      'the others',
      () => campaign.records.length,
      (count) => count === 30,
    );
    const dead = await until(
      'the dead letter',
      () => reports.find(({ kind, instance: of }) => kind === 'recordDead' && of === instance),
      (report) => report !== undefined,
    );
    await handle.stop('requested');
    expect(dead).toMatchObject({ key: idOf(99), reason: { code: 'tooLong' } });
    expect(JSON.stringify(dead)).not.toContain('xxx');
  });
});
