import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Revision, type RunId, type TableFigures } from '@landbridge/contracts';
import { laterMillisecond, until } from '@landbridge/testing';
import {
  by,
  connected,
  PAGE,
  startReplica,
  startWorld,
  type Replica,
  type Running,
  type World,
} from '../../test/control-plane-world.ts';
import { contactMapping } from '../../test/workflow-builders.ts';
import type { WorkflowChange, WorkflowKey } from '../control-plane.ts';
import { deadLettersProjection } from '../dead-letters/dead-letters.projection.ts';
import { dealingsProjection } from '../dead-letters/dealings.projection.ts';
import { InvalidCursor } from '../errors.ts';
import { throughputProjection } from '../figures/throughput.projection.ts';
import { figuresStream } from './stream-ids.ts';
import { rebuild } from './table-projection.ts';

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

async function open(database?: string): Promise<Running> {
  const running = await world.open(database ?? (await world.createDatabase()), {});
  opened.push(running);
  return running;
}

const revision = (number: number) => Revision.parse(number);
const contacts = (written: number, read = written): TableFigures => ({
  table: 'contact',
  read,
  written,
  skipped: { unchanged: 2 },
  dead: 0,
  calls: { dynamics: 1, campaign: written },
  lagMs: { p50: 100, p95: 200 },
});

/** A run in which something of everything happened. */
async function lived(
  running: Running,
): Promise<{ key: WorkflowKey; runId: RunId; replica: Replica }> {
  const { workflows } = running.plane;
  const key = await connected(running);
  const runId = (await workflows.start(key, by('ann'))).runId!;
  const replica = startReplica(world.bus, key, [runId]);
  await replica.report(runId, { kind: 'runStarted', revision: revision(1) });
  await replica.report(runId, { kind: 'backlogObserved', queued: 9, pending: 1, oldestAt: null });
  for (const written of [10, 25, 40]) {
    // Of two figures of one millisecond the second would count as told before.
    await laterMillisecond();
    await replica.report(runId, { kind: 'figuresObserved', tables: [contacts(written)] });
  }
  for (const letter of ['1', '2', '3']) {
    await replica.report(runId, {
      kind: 'recordDead',
      deadLetterId: `letter-${letter}`,
      table: 'contact',
      key: letter,
      reason: { code: 'tooLong', message: 'firstName takes 50 characters' },
      attempts: 1,
    });
  }
  await workflows.saveConfiguration(
    key,
    contactMapping({ technicalValues: true }),
    revision(1),
    by('bob'),
  );
  await replica.report(runId, { kind: 'backlogObserved', queued: 0, pending: 0, oldestAt: null });
  await until(
    'everything to be taken',
    async () => ({
      view: await workflows.get(key),
      letters: await running.plane.deadLetters.list(key, PAGE),
      minutes: await workflows.throughput(key, PAGE),
    }),
    ({ view, letters, minutes }) =>
      view.figures.written === 40 &&
      view.backlog === 0 &&
      letters.items.length === 3 &&
      minutes.items.reduce((sum, { written }) => sum + written, 0) === 40,
  );
  return { key, runId, replica };
}

async function answers({ plane }: Running, key: WorkflowKey, asOf: Date): Promise<string> {
  const { workflows } = plane;
  return JSON.stringify({
    instances: await plane.instances.list(),
    then: await workflows.get(key, asOf),
    pending: await workflows.pending(key),
    configuration: await workflows.configuration(key),
    runs: await workflows.runs(key, PAGE),
    history: await workflows.history(key, PAGE),
    throughput: await workflows.throughput(key, PAGE),
    letters: await plane.deadLetters.list(key, PAGE),
  });
}

test('answers that are folded anew from the beginning are the same to the byte', async () => {
  const database = await world.createDatabase();
  const running = await open(database);
  const { key, replica } = await lived(running);
  const { deadLetters } = running.plane;
  await deadLetters.discard(key, 'letter-1', 'left the company', by('eve'));
  await deadLetters.retry(key, 'letter-2', by('bob'));
  replica.silence();
  await until(
    'the silence to be noted',
    () => running.plane.workflows.get(key),
    ({ status }) => status === 'FAILED',
  );
  const asOf = new Date();
  const before = await answers(running, key, asOf);
  for (const projection of [throughputProjection, deadLettersProjection, dealingsProjection]) {
    for (const table of projection.tables) await running.log.query(`delete from ${table}`);
    await rebuild(running.log, projection);
  }
  const again = await open(database);
  expect(await answers(again, key, asOf)).toBe(before);
});

test('a question about an earlier time gets the answer of that time', async () => {
  const running = await open();
  const { workflows } = running.plane;
  const key = await connected(running);
  const beforeStart = await laterMillisecond();
  await laterMillisecond();
  await workflows.start(key, by('ann'));
  const afterStart = await laterMillisecond();
  await laterMillisecond();
  await workflows.saveConfiguration(
    key,
    contactMapping({ technicalValues: true }),
    revision(1),
    by('bob'),
  );
  expect(await workflows.get(key, beforeStart)).toMatchObject({ status: 'STOPPED', revision: 1 });
  expect(await workflows.get(key, afterStart)).toMatchObject({
    status: 'STARTING',
    pendingEdit: false,
  });
  expect(await workflows.get(key)).toMatchObject({ pendingEdit: true, revision: 2 });
  await expect(workflows.get(key, new Date(0))).rejects.toThrow(/no instance/);
});

test('history tells what happened and who did it, page by page and newest first', async () => {
  const running = await open();
  const { key, replica } = await lived(running);
  replica.silence();
  const { workflows } = running.plane;
  const all = await workflows.history(key, PAGE);
  expect(all.next).toBeNull();
  const told = all.items.map(({ by: who, summary }) => `${who}: ${summary}`);
  expect(told).toContain('bob: Revision 2 was saved: contact: technical values: off → on');
  expect(told).toContain('ann: A start was requested, with revision 1');
  expect(told).toContain('ann: The connection to Campaign was set');
  const paged = [];
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof workflows.history>> = await workflows.history(key, {
      cursor,
      limit: 3,
    });
    paged.push(...page.items);
    cursor = page.next;
    if (cursor === null) break;
  }
  expect(paged).toEqual(all.items);
  const beyondPostgres = Buffer.from('[9007199254740991,1]').toString('base64url');
  for (const foreign of ['x', beyondPostgres]) {
    const asked = workflows.history(key, { cursor: foreign, limit: 3 });
    await expect(asked).rejects.toThrow(InvalidCursor);
  }
  for (const foreign of ['0x1', '1e0', '1 ']) {
    const asked = workflows.runs(key, { cursor: foreign, limit: 3 });
    await expect(asked).rejects.toThrow(InvalidCursor);
  }
});

test('figures by the minute go on from the cursor that a page handed out, and from no other', async () => {
  const running = await open();
  const { workflows } = running.plane;
  const key = await connected(running);
  for (const minute of ['16:01', '16:02', '16:03']) {
    const row = [figuresStream(key), `2026-11-24T${minute}:00Z`];
    const sql = 'insert into throughput_minutes values ($1, $2, 1, 1, 0, 0, 1, 1, 0)';
    await running.log.query(sql, row);
  }
  const first = await workflows.throughput(key, { cursor: null, limit: 2 });
  const second = await workflows.throughput(key, { cursor: first.next, limit: 2 });
  expect([...first.items, ...second.items].map(({ from }) => from)).toEqual([
    '2026-11-24T16:03:00.000Z',
    '2026-11-24T16:02:00.000Z',
    '2026-11-24T16:01:00.000Z',
  ]);
  expect(second.next).toBeNull();
  const foreign = ['2001', '-5', '-271820-01-01T00:00:00Z', first.items[0]!.from, `${first.next}=`];
  for (const cursor of foreign) {
    await expect(workflows.throughput(key, { cursor, limit: 2 })).rejects.toThrow(InvalidCursor);
  }
});

test('a watcher first gets every workflow as it is, then each change as it happens', async () => {
  const running = await open();
  const key = await connected(running);
  const ended = new AbortController();
  const seen: WorkflowChange[] = [];
  const watching = (async () => {
    for await (const change of running.plane.workflows.watch(null, ended.signal)) seen.push(change);
  })();
  await until(
    'the present views',
    () => seen.length,
    (count) => count === 3,
  );
  await running.plane.workflows.start(key, by('ann'));
  await until(
    'the change',
    () => seen.at(-1)?.view.status,
    (is) => is === 'STARTING',
  );
  await running.plane.workflows.stop(key, by('ann'));
  await until(
    'the next',
    () => seen.at(-1)?.view.stopping,
    (is) => is === true,
  );
  ended.abort();
  await watching;
});

test('a watcher that was away gets every change since, in order and none twice', async () => {
  const running = await open();
  const { workflows } = running.plane;
  const key = await connected(running);
  const position = await running.log.head();
  await workflows.start(key, by('ann'));
  await workflows.saveConfiguration(
    key,
    contactMapping({ technicalValues: true }),
    revision(1),
    by('bob'),
  );
  await workflows.stop(key, by('ann'));
  const seen: WorkflowChange[] = [];
  for await (const change of workflows.watch(position, AbortSignal.timeout(10_000))) {
    seen.push(change);
    if (change.view.stopping) break;
  }
  expect(seen.map(({ view }) => [view.status, view.pendingEdit, view.stopping])).toEqual([
    ['STARTING', false, false],
    ['STARTING', true, false],
    ['STARTING', true, true],
  ]);
  const positions = seen.map((change) => change.position);
  expect(positions).toEqual([...new Set(positions)].sort((a, b) => (a < b ? -1 : 1)));
});

test('a watcher with an id beyond the log’s end gets every workflow as it is, then each change', async () => {
  const running = await open();
  const { workflows } = running.plane;
  const key = await connected(running);
  const ofBeforeARestore = (await running.log.head()) + 1_000n;
  const changes = workflows.watch(ofBeforeARestore, AbortSignal.timeout(10_000));
  const seen: WorkflowChange[] = [];
  for await (const change of changes) {
    seen.push(change);
    if (seen.length === 3) await workflows.start(key, by('ann'));
    if (seen.length === 4) break;
  }
  expect(seen.map(({ view }) => view.status)).toEqual([
    'STOPPED',
    'STOPPED',
    'STOPPED',
    'STARTING',
  ]);
  expect(seen.at(-1)?.position).toBe(await running.log.head());
});
