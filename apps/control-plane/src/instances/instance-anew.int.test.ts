import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  NO_VERIFICATION_FIGURES,
  VerificationBody,
  VerificationForecast,
  type TableFigures,
  type WorkflowView,
} from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import {
  by,
  connected,
  connects,
  PAGE,
  startReplica,
  startWorld,
  type Running,
  type World,
} from '../../test/control-plane-world.ts';
import { FIRST } from '../../test/workflow-builders.ts';
import type { WorkflowKey } from '../control-plane.ts';
import { NotFound } from '../errors.ts';
import { throughputProjection } from '../figures/throughput.projection.ts';
import { rebuild } from '../projections/table-projection.ts';

let world: World;
let running: Running;
beforeAll(async () => {
  world = await startWorld();
  running = await world.open(await world.createDatabase());
}, 120_000);
afterAll(async () => {
  await running.close();
  await world[Symbol.asyncDispose]();
});

const FORECAST = VerificationForecast.parse({
  recordCount: 40,
  passCount: 1,
  calls: { dynamics: 2, campaign: 1 },
  message: 'About 3 calls.',
});
const CONTACTS: TableFigures = {
  table: 'contact',
  read: 41,
  written: 40,
  skipped: {},
  dead: 1,
  calls: { dynamics: 1, campaign: 41 },
  lagMs: null,
};

const stopped = (key: WorkflowKey) =>
  until(
    'the workflow to be stopped',
    () => running.plane.workflows.get(key),
    ({ status }) => status === 'STOPPED',
  );

/** A stopped workflow that leaves something of everything behind. */
async function lived(): Promise<{
  key: WorkflowKey;
  contact: { instance: WorkflowKey['instance']; table: string };
}> {
  const { workflows, verifications, deadLetters, replays } = running.plane;
  const key = await connected(running);
  const contact = { instance: key.instance, table: 'contact' };
  const runId = (await workflows.start(key, by('ann'))).runId!;
  using replica = startReplica(world.bus, key, [runId]);
  const { revision } = await workflows.configuration(key);
  await replica.report(runId, { kind: 'runStarted', revision });
  await replica.report(runId, { kind: 'figuresObserved', tables: [CONTACTS] });
  await replica.report(runId, { kind: 'backlogObserved', queued: 9, pending: 1, oldestAt: null });
  await replica.report(runId, {
    kind: 'recordDead',
    deadLetterId: 'letter-1',
    table: 'contact',
    key: '1f2e',
    reason: { code: 'tooLong', message: 'firstName takes 50 characters' },
    attempts: 1,
  });
  const { verificationId } = await verifications.request(
    contact,
    VerificationBody.parse({}),
    FORECAST,
    by('ann'),
  );
  const figures = { ...NO_VERIFICATION_FIGURES, comparedCount: 40, missing: 3 };
  await replica.report(runId, {
    kind: 'verificationProgressed',
    verification: { verificationId, table: 'contact', phase: 'done', message: null, figures },
  });
  const { mappings } = FIRST;
  const account = { ...mappings[0]!, dynamicsTable: 'account', campaignResource: 'cusAccount' };
  await workflows.saveConfiguration(key, { mappings: [...mappings, account] }, revision, by('ann'));
  await replays.request(contact, 41, by('ann'));
  await until(
    'everything to be taken',
    async () => ({
      view: await workflows.get(key),
      letters: await deadLetters.list(key, PAGE),
      minutes: await workflows.throughput(key, PAGE),
      verification: await verifications.newest(contact),
    }),
    ({ view, letters, minutes, verification }) =>
      view.backlog === 10 &&
      view.figures.written === 40 &&
      letters.items.length === 1 &&
      minutes.items.length > 0 &&
      verification.phase === 'done',
  );
  // A verification that waits for the next start when the instance goes.
  await verifications.request(contact, VerificationBody.parse({}), FORECAST, by('ann'));
  await workflows.stop(key, by('ann'));
  await replica.report(runId, { kind: 'runStopped' });
  await stopped(key);
  return { key, contact };
}

/** What the instance shows of its ingress. */
async function shown(key: WorkflowKey) {
  const { workflows, deadLetters } = running.plane;
  const { backlog, figures, tables, replays, since, failure, conditions } =
    await workflows.get(key);
  return {
    backlog,
    written: figures.written,
    calls: figures.calls,
    tables,
    replays,
    since,
    failure,
    conditions,
    pending: await workflows.pending(key),
    runs: (await workflows.runs(key, PAGE)).items,
    minutes: (await workflows.throughput(key, PAGE)).items,
    letters: await deadLetters.summary(key),
  };
}

test('an instance that is removed and made again under its name shows nothing of the removed one', async () => {
  const { plane } = running;
  const fresh = await connected(running);
  const nothing = await shown(fresh);
  const { key, contact } = await lived();
  const watching = new AbortController();
  const changes = plane.workflows.watch(null, watching.signal)[Symbol.asyncIterator]();
  await changes.next();
  await plane.instances.remove(key.instance, by('ann'));
  await plane.instances.put(key.instance, { name: 'Anew', production: false }, by('bob'));
  const { revision, savedAt, ...pending } = (await shown(key)).pending;
  const { revision: _first, savedAt: _then, ...nonePending } = nothing.pending;
  expect({ ...(await shown(key)), pending }).toEqual({ ...nothing, pending: nonePending });
  expect(revision).toBeGreaterThan(0);
  expect(savedAt).not.toBeNull();
  await expect(plane.verifications.newest(contact)).rejects.toThrow(NotFound);
  let told: WorkflowView | null = null;
  while (told?.revision !== revision) {
    const change = await changes.next();
    if (change.done === true) throw new Error('The watch ended before the new instance was told');
    const { view } = change.value;
    if (view.instance === key.instance && view.workflow === 'ingress') told = view;
  }
  expect(told).toMatchObject({ backlog: 0, figures: { written: 0 }, tables: [], replays: [] });
  watching.abort();

  await connects(plane, key.instance);
  const runId = (await plane.workflows.start(key, by('bob'))).runId!;
  using replica = startReplica(world.bus, key, [runId]);
  await replica.report(runId, { kind: 'figuresObserved', tables: [{ ...CONTACTS, written: 2 }] });
  await until(
    'the new run’s own figures',
    () => plane.workflows.get(key),
    ({ figures, backlog }) => figures.written === 2 && backlog === 0,
  );
  const minutes = (await plane.workflows.throughput(key, PAGE)).items;
  expect(minutes.reduce((sum, { written }) => sum + written, 0)).toBeLessThanOrEqual(2);
  const again = VerificationBody.parse({});
  expect(await plane.verifications.request(contact, again, FORECAST, by('bob'))).toMatchObject({
    phase: 'waiting',
    figures: { missing: 0 },
  });
}, 60_000);

test('what an instance of the same name did is forgotten by every rebuilding of the answers, too', async () => {
  const { plane, log } = running;
  const { key } = await lived();
  await plane.instances.remove(key.instance, by('ann'));
  await plane.instances.put(key.instance, { name: 'Anew', production: false }, by('bob'));
  await until(
    'the minutes to be gone',
    () => plane.workflows.throughput(key, PAGE),
    ({ items }) => items.length === 0,
  );
  await rebuild(log, throughputProjection);
  expect((await plane.workflows.throughput(key, PAGE)).items).toEqual([]);
  const told = (await plane.workflows.history(key, { ...PAGE, limit: 200 })).items;
  expect(told.map(({ summary }) => summary)).toContain('The instance was removed');
});
