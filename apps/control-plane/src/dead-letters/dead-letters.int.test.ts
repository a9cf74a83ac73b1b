import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { IngressConfiguration } from '@landbridge/contracts';
import type { EventLog } from '@landbridge/event-log';
import {
  getDeadLetter,
  openRetries,
  readCursor,
  readRetry,
  saveCursor,
  storeDeadLetter,
} from '@landbridge/messaging';
import { until } from '@landbridge/testing';
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
import { FIRST, revision } from '../../test/workflow-builders.ts';
import { NotFound } from '../errors.ts';
import { createStores } from '../projections/stores.ts';
import { createDeadLetters } from './dead-letters.ts';

let world: World;
let running: Running;
const replicas: Replica[] = [];
beforeAll(async () => {
  world = await startWorld();
  running = await world.open(await world.createDatabase());
}, 120_000);
afterAll(async () => {
  for (const replica of replicas) replica.silence();
  await running.close();
  await world[Symbol.asyncDispose]();
});

const KEY = '60c4e274-0000-4000-8000-000000000001';

/** A running workflow, and a way to have a record refused. */
async function startRefusing() {
  const { plane } = running;
  const key = await connected(running);
  const runId = (await plane.workflows.start(key, by('ann'))).runId!;
  const replica = startReplica(world.bus, key, [runId]);
  replicas.push(replica);
  await replica.report(runId, { kind: 'runStarted', revision: revision(1) });
  const refuse = async (deadLetterId: string, rest: { record?: string; code?: string } = {}) => {
    const { record = KEY, code = 'valueTooLong' } = rest;
    const letter = { table: 'contact', key: record, reason: { code, message: code }, attempts: 2 };
    const data = new TextEncoder().encode('{}');
    await storeDeadLetter(world.bus, {
      ...key,
      ...letter,
      id: deadLetterId,
      data,
      traceparent: null,
    });
    await replica.report(runId, { kind: 'recordDead', deadLetterId, ...letter });
    await until(
      `the letter ${deadLetterId}`,
      async () => (await plane.deadLetters.list(key, PAGE)).items,
      (items) => items.some(({ id }) => id === deadLetterId),
    );
  };
  const letters = async () => (await plane.deadLetters.list(key, PAGE)).items;
  const isKept = async (id: string) => (await getDeadLetter(world.bus, key, id)) !== null;
  const release = (...deadLetterIds: string[]) =>
    replica.report(runId, { kind: 'recordReleased', table: 'contact', key: KEY, deadLetterIds });
  return { key, plane, refuse, release, letters, isKept, replica };
}

test('a record that is refused again has one letter, with the newest reason and all attempts', async () => {
  const { key, plane, refuse, letters } = await startRefusing();
  await refuse('letter-1');
  await refuse('letter-2', { code: 'optionUnknown' });
  await refuse('other', { record: 'another' });
  expect(await letters()).toMatchObject([
    { id: 'other', attempts: 2 },
    { id: 'letter-2', attempts: 4, reason: { code: 'optionUnknown' } },
  ]);
  const filtered = await plane.deadLetters.list(key, { ...PAGE, code: 'optionUnknown' });
  expect(filtered.items).toHaveLength(1);
  expect(await plane.deadLetters.summary(key)).toMatchObject({
    total: 2,
    groups: [
      { code: 'optionUnknown', count: 1 },
      { code: 'valueTooLong', count: 1 },
    ],
  });
});

test('a retry is asked for once, and a letter that is refused again goes on counting', async () => {
  const { key, plane, refuse, letters, isKept } = await startRefusing();
  await refuse('letter-1');
  await refuse('letter-2');
  expect(await plane.deadLetters.retry(key, 'letter-2', by('ann'))).toEqual({
    retried: 1,
    waits: false,
  });
  expect(await plane.deadLetters.retry(key, 'letter-2', by('ann'))).toMatchObject({ retried: 0 });
  expect(await letters()).toEqual([]);
  const retries = await openRetries(world.bus, { ...key, table: 'contact' });
  const message = await retries.next({ expires: 10_000 });
  expect(message === null ? null : readRetry(message)).toMatchObject({
    key: KEY,
    deadLetterId: 'letter-2',
  });
  expect((await retries.info()).num_pending).toBe(0);
  await until(
    'the earlier letter to go',
    () => isKept('letter-1'),
    (kept) => !kept,
  );
  await refuse('letter-3');
  expect(await letters()).toMatchObject([{ id: 'letter-3', attempts: 6 }]);
});

test('a repeated key on a retry answers what the first did, and another key does not', async () => {
  const { key, plane, refuse } = await startRefusing();
  await refuse('letter-1');
  const retry = (idempotencyKey: string | null) =>
    plane.deadLetters.retry(key, 'letter-1', by('ann', idempotencyKey));
  expect(await retry('once')).toMatchObject({ retried: 1 });
  expect(await retry('once')).toMatchObject({ retried: 1 });
  expect(await retry('another')).toMatchObject({ retried: 0 });
  expect(await retry(null)).toMatchObject({ retried: 0 });
});

test('a repeated key on retry-all answers what the first did, and leaves what was refused since', async () => {
  const { key, plane, refuse, letters } = await startRefusing();
  const retryAll = (idempotencyKey: string) =>
    plane.deadLetters.retryAll(key, {}, by('ann', idempotencyKey));
  expect(await retryAll('early')).toMatchObject({ retried: 0 });
  await refuse('letter-1', { record: 'a' });
  await refuse('letter-2', { record: 'b' });
  expect(await retryAll('early')).toMatchObject({ retried: 0 });
  expect(await retryAll('once')).toMatchObject({ retried: 2 });
  await refuse('letter-3', { record: 'c' });
  expect(await retryAll('once')).toMatchObject({ retried: 2 });
  expect(await letters()).toMatchObject([{ id: 'letter-3' }]);
  expect(await retryAll('another')).toMatchObject({ retried: 1 });
});

test('a retry-all that was killed in the middle is finished by its repeated key, which counts all', async () => {
  const { key, refuse, letters } = await startRefusing();
  for (const id of ['1', '2', '3']) await refuse(`letter-${id}`, { record: id });
  const { log } = running;
  let left = 2;
  const append: EventLog['append'] = async (...event) => {
    left -= 1;
    if (left < 0) throw new Error('killed');
    return log.append(...event);
  };
  const dying = createDeadLetters(createStores({ ...log, append }));
  await expect(dying.retryAll(key, {}, by('ann', 'once'))).rejects.toThrow('killed');
  const { deadLetters } = running.plane;
  expect(await deadLetters.retryAll(key, {}, by('ann', 'once'))).toMatchObject({ retried: 3 });
  expect(await letters()).toEqual([]);
});

test('a retry waits for a start unless a run is there to take it up, starting or running', async () => {
  const { plane } = running;
  const key = await connected(running);
  const retries = () => plane.deadLetters.retryAll(key, {}, by('ann'));
  expect(await retries()).toMatchObject({ waits: true });
  const runId = (await plane.workflows.start(key, by('ann'))).runId!;
  expect((await plane.workflows.get(key)).status).toBe('STARTING');
  expect(await retries()).toMatchObject({ waits: false });
  const replica = startReplica(world.bus, key, [runId]);
  replicas.push(replica);
  await replica.report(runId, { kind: 'runStarted', revision: revision(1) });
  await until(
    'RUNNING',
    async () => (await plane.workflows.get(key)).status,
    (status) => status === 'RUNNING',
  );
  expect(await retries()).toMatchObject({ waits: false });
  await plane.workflows.stop(key, by('ann'));
  expect(await retries()).toMatchObject({ waits: true });
});

test('a record that went after all has its letters closed, once, and is not asked for', async () => {
  const { key, plane, refuse, release, letters, isKept } = await startRefusing();
  await refuse('letter-1', { code: 'parentMissing' });
  await refuse('letter-2', { code: 'parentMissing' });
  await refuse('other', { record: 'another' });
  await release('letter-1', 'letter-2');
  await release('letter-2');
  await until('the letter to be closed', letters, (open) => open.length === 1);
  expect(await letters()).toMatchObject([{ id: 'other' }]);
  for (const id of ['letter-1', 'letter-2']) {
    await until(
      `the message of ${id} to go`,
      () => isKept(id),
      (kept) => !kept,
    );
  }
  expect(await plane.deadLetters.retry(key, 'letter-2', by('ann'))).toMatchObject({ retried: 0 });
  const retries = await openRetries(world.bus, { ...key, table: 'contact' });
  expect((await retries.info()).num_pending).toBe(0);
});

test('a letter that a person discarded stays discarded when its record goes', async () => {
  const { key, plane, refuse, release, letters } = await startRefusing();
  await refuse('letter-1', { code: 'parentMissing' });
  await plane.deadLetters.discard(key, 'letter-1', 'not wanted', by('ann'));
  await release('letter-1');
  await refuse('letter-2');
  expect(await letters()).toMatchObject([{ id: 'letter-2', attempts: 2 }]);
  await expect(plane.deadLetters.retry(key, 'letter-1', by('ann'))).rejects.toThrow(NotFound);
});

test('all of a kind are retried, and what has no record to read stays', async () => {
  const { key, plane, refuse, letters } = await startRefusing();
  await refuse('letter-1', { record: 'a' });
  await refuse('letter-2', { record: 'b', code: 'optionUnknown' });
  await refuse('letter-3', { record: 'message-7', code: 'unreadable' });
  const filter = { code: 'optionUnknown' };
  expect(await plane.deadLetters.retryAll(key, filter, by('ann'))).toMatchObject({ retried: 1 });
  expect(await plane.deadLetters.retryAll(key, {}, by('ann'))).toMatchObject({ retried: 1 });
  expect((await letters()).map(({ id }) => id)).toEqual(['letter-3']);
  await expect(plane.deadLetters.retry(key, 'letter-3', by('ann'))).rejects.toThrow(/unreadable/);
});

test('a letter of a table that is not mapped any more is kept, for nobody would read its record', async () => {
  const { key, plane, refuse, letters, replica } = await startRefusing();
  await refuse('letter-1', { record: 'a' });
  await refuse('letter-2', { record: 'b' });
  const saves = async (configuration: IngressConfiguration) => {
    const { revision: newest } = await plane.workflows.configuration(key);
    await plane.workflows.saveConfiguration(key, configuration, newest, by('ann'));
  };
  await saves({ mappings: [] });
  // The run that is on maps it still.
  expect(await plane.deadLetters.retry(key, 'letter-1', by('ann'))).toMatchObject({ retried: 1 });
  const { runId } = await plane.workflows.stop(key, by('ann'));
  await replica.report(runId!, { kind: 'runStopped' });
  await until(
    'the stop',
    () => plane.workflows.get(key),
    ({ status }) => status === 'STOPPED',
  );
  await expect(plane.deadLetters.retry(key, 'letter-2', by('ann'))).rejects.toThrow(
    /contact is not mapped/,
  );
  expect(await plane.deadLetters.retryAll(key, {}, by('ann'))).toMatchObject({ retried: 0 });
  expect((await letters()).map(({ id }) => id)).toEqual(['letter-2']);
  await saves(FIRST);
  expect(await plane.deadLetters.retryAll(key, {}, by('ann'))).toMatchObject({ retried: 1 });
});

test('a letter is discarded with who and why, and counting begins anew', async () => {
  const { key, plane, refuse, letters, isKept } = await startRefusing();
  await refuse('letter-1');
  await plane.deadLetters.discard(key, 'letter-1', 'left the company', by('ann'));
  await plane.deadLetters.discard(key, 'letter-1', 'twice', by('bob'));
  expect(await letters()).toEqual([]);
  await until(
    'the message to go',
    () => isKept('letter-1'),
    (kept) => !kept,
  );
  await expect(plane.deadLetters.retry(key, 'letter-1', by('ann'))).rejects.toThrow(NotFound);
  const traces = () => plane.records.traces({ instance: key.instance, table: 'contact', id: KEY });
  expect((await traces()).discarded).toEqual({
    deadLetterId: 'letter-1',
    at: expect.any(String),
    by: 'ann',
  });
  await refuse('letter-2');
  expect(await letters()).toMatchObject([{ id: 'letter-2', attempts: 2 }]);
  const told = await running.log.readStream(`dead-letters-${key.instance}-ingress`);
  expect(told.filter(({ type }) => type === 'DeadLetterDiscarded')).toMatchObject([
    { data: { note: 'left the company' }, metadata: { actor: { name: 'ann' } } },
  ]);
});

test('an instance that is removed takes along all that NATS kept of it, and nothing of others', async () => {
  const { key, plane, refuse, isKept, replica } = await startRefusing();
  const neighbour = await startRefusing();
  await refuse('letter-1');
  await neighbour.refuse('letter-1');
  const table = { ...key, table: 'contact' };
  await saveCursor(world.bus, table, { phase: 'changes' }, 0);
  await openRetries(world.bus, table);
  const { runId } = await plane.workflows.stop(key, by('ann'));
  await replica.report(runId!, { kind: 'runStopped' });
  await until(
    'the stop',
    () => plane.workflows.get(key),
    ({ status }) => status === 'STOPPED',
  );
  await plane.instances.remove(key.instance, by('ann'));
  expect(await isKept('letter-1')).toBe(false);
  expect((await readCursor(world.bus, table)).cursor).toBeNull();
  expect(await neighbour.isKept('letter-1')).toBe(true);
  await plane.instances.put(key.instance, { name: 'Anew', production: false }, by('ann'));
  await until(
    'the letters to be forgotten',
    async () => (await plane.deadLetters.list(key, PAGE)).items,
    (items) => items.length === 0,
  );
});
