import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Revision, type RunFailure, type RunId, type WorkflowView } from '@landbridge/contracts';
import { readDesired, unseal } from '@landbridge/messaging';
import { until } from '@landbridge/testing';
import {
  by,
  connected,
  KEY,
  PAGE,
  startReplica,
  startWorld,
  type Running,
  type World,
} from '../test/control-plane-world.ts';
import { CREDENTIALS_REFUSED, FIRST, contactMapping } from '../test/workflow-builders.ts';
import type { WorkflowKey } from './control-plane.ts';
import { workflowStream } from './projections/stream-ids.ts';

let world: World;
const opened: Running[] = [];
beforeAll(async () => {
  world = await startWorld();
}, 120_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
afterEach(async () => {
  for (const running of opened.splice(0)) await running.close();
});

async function open(settings = {}, database?: string): Promise<Running> {
  const running = await world.open(database ?? (await world.createDatabase()), settings);
  opened.push(running);
  return running;
}

const status = ({ plane }: Running, key: WorkflowKey, wanted: Partial<WorkflowView>) =>
  until(
    `the workflow to be ${JSON.stringify(wanted)}`,
    () => plane.workflows.get(key),
    (view) => Object.entries(wanted).every(([name, value]) => Reflect.get(view, name) === value),
  );

const fails = ({ plane }: Running, key: WorkflowKey, code: RunFailure['code']) =>
  until(
    `the workflow to fail with ${code}`,
    () => plane.workflows.get(key),
    ({ status: is, failure }) => is === 'FAILED' && failure?.code === code,
  );

async function started(running: Running, key: WorkflowKey): Promise<RunId> {
  const { runId } = await running.plane.workflows.start(key, by('ann'));
  return runId!;
}

const revision = (number: number) => Revision.parse(number);

test('a start reaches the services sealed, and their report makes it RUNNING', async () => {
  const running = await open();
  const key = await connected(running);
  const view = await running.plane.workflows.start(key, by('ann'));
  expect(view).toMatchObject({ status: 'STARTING', by: 'ann', activeRevision: 1 });
  const desired = await until(
    'the desired state',
    () => readDesired(world.bus, key),
    (state) => state !== null,
  );
  if (desired?.state !== 'running') throw new Error('the desired state is not to run');
  expect(desired).toMatchObject({ runId: view.runId, revision: 1, configuration: FIRST });
  expect(JSON.stringify(desired)).not.toContain('secret"');
  expect(await unseal(desired.sealedConnections, KEY)).toMatchObject({
    dynamics: { clientSecret: 'dynamics-secret' },
    campaign: { clientSecret: 'campaign-secret' },
  });

  using replica = startReplica(world.bus, key, [view.runId!]);
  await replica.report(view.runId!, { kind: 'runStarted', revision: revision(1) });
  await status(running, key, { status: 'RUNNING', by: 'ingress' });

  await running.plane.workflows.stop(key, by('bob'));
  await status(running, key, { status: 'RUNNING', stopping: true });
  await until(
    'the desired stop',
    () => readDesired(world.bus, key),
    (state) => state?.state === 'stopped',
  );
  await replica.report(view.runId!, { kind: 'runStopped' });
  await status(running, key, { status: 'STOPPED', stopping: false });
});

test('no secret is in any event', async () => {
  const running = await open();
  await connected(running);
  const events = await running.log.readAll({ after: 0n, limit: 1_000 });
  expect(
    JSON.stringify(events, (_, value: unknown) => (typeof value === 'bigint' ? '' : value)),
  ).not.toMatch(/dynamics-secret|campaign-secret/);
});

test('a report that comes twice is in the log once', async () => {
  const running = await open();
  const key = await connected(running);
  const runId = await started(running, key);
  using replica = startReplica(world.bus, key, [runId]);
  await replica.report(runId, { kind: 'runStarted', revision: revision(1) });
  const id = randomUUID();
  const reset = { kind: 'cursorReset', table: 'contact', reason: 'the cursor expired' } as const;
  await replica.report(runId, reset, id);
  await world.bus.js.publish(
    `reports.ingress.${key.instance}.again`,
    JSON.stringify({
      ...reset,
      reportId: id,
      ...key,
      runId,
      replica: replica.id,
      at: new Date().toISOString(),
    }),
  );
  await replica.report(runId, { kind: 'runFailed', failure: CREDENTIALS_REFUSED });
  await fails(running, key, 'credentialsRefused');
  const events = await running.log.readStream(workflowStream(key));
  expect(events.filter(({ type }) => type === 'CursorReset')).toHaveLength(1);
});

test('a late report of an older run changes nothing', async () => {
  const running = await open();
  const key = await connected(running);
  const first = await started(running, key);
  using replica = startReplica(world.bus, key, [first]);
  await replica.report(first, { kind: 'runStarted', revision: revision(1) });
  await replica.report(first, { kind: 'runFailed', failure: CREDENTIALS_REFUSED });
  const failed = await fails(running, key, 'credentialsRefused');
  expect(failed.failure).toEqual(CREDENTIALS_REFUSED);
  const second = await started(running, key);
  using other = startReplica(world.bus, key, [second], 'two');
  await other.report(second, { kind: 'runStarted', revision: revision(1) });
  await status(running, key, { status: 'RUNNING', runId: second });
  const before = await running.log.readStream(workflowStream(key));
  await replica.report(first, { kind: 'runStopped' });
  await other.report(second, {
    kind: 'backlogObserved',
    queued: 3,
    pending: 1,
    oldestAt: null,
  });
  await status(running, key, { backlog: 4 });
  expect(await running.log.readStream(workflowStream(key))).toEqual(before);
});

test('a message that is no report is set aside, and the next report is taken', async () => {
  const running = await open();
  const key = await connected(running);
  const runId = await started(running, key);
  await world.bus.js.publish(`reports.ingress.${key.instance}.runStarted`, '{"nonsense":');
  using replica = startReplica(world.bus, key, [runId]);
  await replica.report(runId, { kind: 'runStarted', revision: revision(1) });
  await status(running, key, { status: 'RUNNING' });
  expect(await running.log.readStream('unreadable-reports')).toHaveLength(1);
});

test('what a crash kept from the services is published by whoever comes next', async () => {
  const database = await world.createDatabase();
  const first = await world.open(database);
  const key = await connected(first);
  await first.plane.close(); // as killed: commands still reach the log, nothing is published
  const runId = await started(first, key);
  await first.close();
  expect(await readDesired(world.bus, key)).toBeNull();
  await open({}, database);
  await until(
    'the desired state',
    () => readDesired(world.bus, key),
    (state) => state?.runId === runId,
  );
});

test('a replica that falls silent makes the run FAILED, and RUNNING when it is heard again', async () => {
  const running = await open();
  const key = await connected(running);
  const runId = await started(running, key);
  using replica = startReplica(world.bus, key, [runId]);
  await replica.report(runId, { kind: 'runStarted', revision: revision(1) });
  await status(running, key, { status: 'RUNNING' });
  replica.silence();
  await fails(running, key, 'serviceSilent');
  replica.beat();
  await status(running, key, { status: 'RUNNING', failure: null, runId });
});

test('the stop of a run that no service ever took up is done by itself', async () => {
  const running = await open();
  const key = await connected(running);
  await started(running, key);
  await running.plane.workflows.stop(key, by('ann'));
  await status(running, key, { status: 'STOPPED', runId: null });
});

test('a run with a backlog that settles nothing is stalled until something is settled', async () => {
  const running = await open({ stalledAfterMs: 300 });
  const key = await connected(running);
  const runId = await started(running, key);
  using replica = startReplica(world.bus, key, [runId]);
  await replica.report(runId, { kind: 'runStarted', revision: revision(1) });
  await replica.report(runId, { kind: 'backlogObserved', queued: 5, pending: 0, oldestAt: null });
  const stalled = await until(
    'the condition',
    () => running.plane.workflows.get(key),
    ({ conditions }) => conditions.some(({ type }) => type === 'Stalled'),
  );
  expect(stalled.status).toBe('RUNNING');
  await replica.report(runId, { kind: 'backlogObserved', queued: 0, pending: 0, oldestAt: null });
  await until(
    'the condition to be over',
    () => running.plane.workflows.get(key),
    ({ conditions }) => conditions.length === 0,
  );
});

test('an edit waits while the run goes on, with its list of changes, and a start takes it', async () => {
  const running = await open();
  const { workflows } = running.plane;
  const key = await connected(running);
  const runId = await started(running, key);
  const edited = contactMapping({ applyDeletes: false });
  const saved = await workflows.saveConfiguration(key, edited, revision(1), by('bob'));
  expect(saved.revision).toBe(2);
  expect(await workflows.get(key)).toMatchObject({ pendingEdit: true, activeRevision: 1 });
  expect(await workflows.pending(key)).toMatchObject({
    pending: true,
    savedBy: 'bob',
    changes: [{ pointer: '/mappings/0/applyDeletes', kind: 'changed', before: true, after: false }],
  });
  await workflows.stop(key, by('bob'));
  await status(running, key, { status: 'STOPPED', pendingEdit: false });
  await workflows.start(key, by('bob'));
  expect(await workflows.get(key)).toMatchObject({ pendingEdit: false, activeRevision: 2 });
  const runs = await workflows.runs(key, PAGE);
  expect(runs.items.map(({ outcome, revision: of }) => [outcome, of])).toEqual([
    ['starting', 2],
    ['stopped', 1],
  ]);
  expect(runs.items[1]?.runId).toBe(runId);
});

test('a command with a key that was used before has no second effect, even after a stop', async () => {
  const running = await open();
  const { workflows } = running.plane;
  const key = await connected(running);
  const first = await workflows.start(key, by('ann', 'key-1'));
  expect(await workflows.start(key, by('ann', 'key-2'))).toMatchObject({ runId: first.runId });
  await workflows.stop(key, by('ann'));
  await status(running, key, { status: 'STOPPED' });
  // The second found that what it asked for held already, and was answered with that.
  for (const used of ['key-1', 'key-2']) {
    expect(await workflows.start(key, by('ann', used))).toMatchObject({ status: 'STOPPED' });
  }
  const runs = await workflows.runs(key, PAGE);
  expect(runs.items.map(({ runId }) => runId)).toEqual([first.runId]);
});

test('two control planes on one database answer alike, and one takes over from the other', async () => {
  const database = await world.createDatabase();
  const one = await world.open(database);
  const two = await open({}, database);
  const key = await connected(one);
  const [a, b] = await Promise.allSettled([
    one.plane.workflows.start(key, by('ann')),
    two.plane.workflows.start(key, by('bob')),
  ]);
  if (a.status === 'rejected' || b.status === 'rejected') throw new Error('a start was refused');
  expect(a.value.runId).toBe(b.value.runId);
  const runId = a.value.runId!;
  await one.close();
  using replica = startReplica(world.bus, key, [runId]);
  await replica.report(runId, { kind: 'runStarted', revision: revision(1) });
  await status(two, key, { status: 'RUNNING' });
});
