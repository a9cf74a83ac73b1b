import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  DEFAULT_INSTANCE_SETTINGS,
  type IngressRun,
  InstanceId,
  type Report,
  type ReportOf,
  Revision,
  RunId,
  type TableMapping,
  type VerificationFigures,
} from '@landbridge/contracts';
import {
  backlogOf,
  type Bus,
  cancelVerification,
  connectBus,
  consumeReports,
  requestVerification,
  writtenMemory,
} from '@landbridge/messaging';
import { newReplicaId, type RunHandle } from '@landbridge/pipeline';
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
  LANDBRIDGE_VERIFY_PASS_RECORDS: '100',
});
const LONG_AGO = new Date('2026-01-01T00:00:00Z');

let nats: NatsServer;
let bus: Bus;
const reports: Report[] = [];
const handles: RunHandle[] = [];
const listening = new AbortController();

beforeAll(async () => {
  nats = await startNats({});
  bus = await connectBus({ url: nats.url, name: 'verification-test', log });
  const take = async (report: { kind: string }): Promise<void> => {
    if (isReport(report)) reports.push(report);
  };
  void consumeReports(bus, take, listening.signal);
});
afterAll(async () => {
  await Promise.all(handles.map((handle) => handle.stop('shutdown')));
  listening.abort();
  await bus.close();
  await nats.stop();
});

const isReport = (report: { kind: string }): report is Report => report.kind !== 'unreadable';

/** An instance whose contacts were loaded and lie in both systems alike. */
async function loadedWorld(count: number, over: Partial<TableMapping> = {}) {
  const instance = InstanceId.parse(`i${randomUUID().slice(0, 8)}`);
  const dynamics = new FakeDynamics();
  const campaign = new FakeCampaign();
  for (let number = 1; number <= count; number += 1) {
    dynamics.put(idOf(number), { firstname: `F${number}`, jobtitle: 'Old' }, LONG_AGO);
  }
  const ends = {
    dynamics: Object.assign(dynamics, { table: async () => ({ value: CONTACT, calls: 1 }) }),
    campaign: Object.assign(campaign, {
      resource: async () => ({ value: PROFILE, calls: 1 }),
      probeAddressing: async () => ({ value: 'uriKey' as const, calls: 1 }),
    }),
    destination: 'campaign.test',
    close: async () => undefined,
  };
  const start = async (): Promise<RunHandle> => {
    const run: IngressRun = {
      state: 'running',
      workflow: 'ingress',
      instance,
      runId: RunId.parse(randomUUID()),
      revision: Revision.parse(1),
      configuration: { mappings: [mapping(over)] },
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
  const handle = await start();
  const backlog = async () => {
    const { queued, pending } = await backlogOf(bus, { workflow: 'ingress', instance });
    return queued + pending;
  };
  await until(
    'the load to end',
    async () => ({ there: campaign.records.length, backlog: await backlog() }),
    (seen) => seen.there === count && seen.backlog === 0,
  );
  const at = { workflow: 'ingress', instance, table: 'contact' } as const;
  const ask = async (
    kind: 'compare' | 'repair',
    more: { rate?: number; repair?: boolean; verificationId?: string } = {},
  ): Promise<string> => {
    const { rate = null, repair = false, verificationId = randomUUID() } = more;
    await requestVerification(bus, at, {
      schemaVersion: 1,
      kind,
      verificationId,
      table: 'contact',
      rate,
      repair,
    });
    return verificationId;
  };
  return { at, dynamics, campaign, start, handle, ask };
}

const toldOf = (verificationId: string) =>
  reports
    .filter(
      (report): report is ReportOf<'verificationProgressed'> =>
        report.kind === 'verificationProgressed',
    )
    .map(({ verification }) => verification)
    .filter((one) => one.verificationId === verificationId);

async function ended(verificationId: string): Promise<VerificationFigures> {
  const last = await until(
    'the verification to end',
    () => toldOf(verificationId).at(-1),
    (told) => told !== undefined && ['done', 'cancelled', 'failed'].includes(told.phase),
    { timeoutMs: 60_000 },
  );
  if (last === undefined) throw new Error('nothing was told');
  return last.figures;
}

const byId = ({ samples }: VerificationFigures) =>
  Object.fromEntries(samples.map(({ id, kind, fields }) => [id, `${kind} ${fields.join()}`]));

test('what was planted is found, nothing else is, and a repair mends it', async () => {
  const { dynamics, campaign, ask } = await loadedWorld(250);
  campaign.records.splice(campaign.records.indexOf(campaign.byKey.get(idOf(1))!), 1);
  campaign.byKey.get(idOf(2))!['firstName'] = 'Somebody else';
  // The column does not follow, so that nobody promised the attribute to be the same.
  campaign.byKey.get(idOf(3))!['title'] = 'Written by hand';
  campaign.records.push({ externalId: 'of-others', firstName: 'Decoy' }, { firstName: 'Decoy' });
  // Gone without a trace in the changes: left over in Campaign.
  dynamics.rows.delete(idOf(4));
  const figures = await ended(await ask('compare'));
  expect(byId(figures)).toEqual({
    [idOf(1)]: 'missing firstName,title',
    [idOf(2)]: 'different firstName',
    [idOf(4)]: 'leftOver ',
  });
  expect(figures).toMatchObject({
    passCount: 3,
    comparedCount: 249,
    missing: 1,
    different: 1,
    byField: { firstName: 1 },
    leftOver: 1,
    pending: 0,
    queuedAgain: 0,
  });
  expect(campaign.byKey.get(idOf(2))!['firstName']).toBe('Somebody else');
  const repaired = await ended(await ask('repair'));
  expect(repaired.queuedAgain).toBe(3);
  await until(
    'Campaign to be mended',
    () => ({
      missing: campaign.byKey.get(idOf(1))?.['firstName'],
      different: campaign.byKey.get(idOf(2))?.['firstName'],
      leftOver: campaign.byKey.has(idOf(4)),
    }),
    (seen) => seen.missing === 'F1' && seen.different === 'F2' && !seen.leftOver,
  );
  expect(campaign.byKey.get(idOf(3))!['title']).toBe('Written by hand');
  expect(campaign.byKey.get('of-others')).toBeDefined();
  const again = await ended(await ask('compare'));
  expect(again).toMatchObject({ missing: 0, different: 0, leftOver: 0, comparedCount: 249 });
}, 180_000);

test('a record that the filter leaves out is left over only where it should have been deleted', async () => {
  const filter = { dynamics: 'firstname', is: 'ne', value: 'Left out' } as const;
  const plant = async (deleteFilteredOut: boolean) => {
    const { dynamics, ask } = await loadedWorld(3, { filter, deleteFilteredOut });
    const row = dynamics.rows.get(idOf(1))!;
    // Changed without a trace, or ingress would act on it.
    dynamics.rows.set(idOf(1), { ...row, columns: { ...row.columns, firstname: 'Left out' } });
    return ended(await ask('compare'));
  };
  expect(await plant(false)).toMatchObject({ leftOut: 1, leftOver: 0, missing: 0 });
  expect(await plant(true)).toMatchObject({ leftOut: 1, leftOver: 1, missing: 0 });
});

test('a record that the filter cannot judge is not left over, even where others are deleted', async () => {
  const filter = { any: [{ dynamics: 'jobtitle', is: 'notEmpty' as const }] };
  const fields = [{ dynamics: 'firstname', campaign: 'firstName', applyUpdates: true }];
  const { dynamics, ask } = await loadedWorld(3, { filter, fields, deleteFilteredOut: true });
  const row = dynamics.rows.get(idOf(1))!;
  dynamics.rows.set(idOf(1), { ...row, columns: { ...row.columns, jobtitle: 7 } });
  const figures = await ended(await ask('compare'));
  expect(figures).toMatchObject({ leftOut: 0, leftOver: 0, different: 0 });
  expect(figures.unmappable).toBeGreaterThan(0);
});

test('a process that dies in a pass leaves that pass to the next, and the passes before stand', async () => {
  const { dynamics, campaign, ask, handle, start } = await loadedWorld(300);
  for (const number of [1, 100, 200]) campaign.byKey.get(idOf(number))!['firstName'] = 'Other';
  const pagesBefore = dynamics.calls.filter((call) => call === 'first page').length;
  const verificationId = await ask('compare', { rate: 400 });
  await until(
    'the first pass to be done',
    () => toldOf(verificationId).at(-1)?.figures.passIndex ?? 0,
    (passes) => passes >= 1,
  );
  await handle.stop('shutdown');
  await start();
  const figures = await ended(verificationId);
  expect(figures).toMatchObject({ different: 3, comparedCount: 300, passIndex: 3 });
  const pages = dynamics.calls.filter((call) => call === 'first page').length - pagesBefore;
  expect(pages).toBeLessThanOrEqual(4);
}, 180_000);

test('a record that hid when it was to be deleted is left over once Campaign shows it, and a repair deletes it', async () => {
  const { at, dynamics, campaign, ask } = await loadedWorld(3);
  dynamics.rows.delete(idOf(1));
  const extra = { deleted: true, unsure: true, hidden: true };
  await writtenMemory(bus, at).put(idOf(1), { hash: null, version: '1', extra });
  campaign.hidden.add(idOf(1));
  expect(await ended(await ask('compare'))).toMatchObject({ leftOver: 0, pending: 0 });
  campaign.hidden.delete(idOf(1));
  const figures = await ended(await ask('compare', { repair: true }));
  expect(byId(figures)).toEqual({ [idOf(1)]: 'leftOver ' });
  await until(
    'the record to be deleted',
    () => campaign.byKey.has(idOf(1)),
    (isThere) => !isThere,
  );
  expect(await ended(await ask('compare'))).toMatchObject({ leftOver: 0, comparedCount: 2 });
});

test('one that is called off stops, however slowly it goes', async () => {
  const { at, ask } = await loadedWorld(200);
  const verificationId = await ask('compare', { rate: 20 });
  await until(
    'it to have begun',
    () => toldOf(verificationId).length,
    (count) => count > 0,
  );
  await cancelVerification(bus, at, verificationId);
  await until(
    'it to be called off',
    () => toldOf(verificationId).at(-1)?.phase,
    (phase) => phase === 'cancelled',
  );
});
