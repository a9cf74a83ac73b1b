import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReplaySelection } from '@landbridge/contracts';
import type { EventLog } from '@landbridge/event-log';
import { openRetries, readSelection, removeSelection } from '@landbridge/messaging';
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
import { revision } from '../../test/workflow-builders.ts';
import type { CommandContext } from '../control-plane.ts';
import { createStores } from '../projections/stores.ts';
import { createReplays } from './replay-requests.ts';

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

const IDS: ReplaySelection = {
  ids: ['60c4e274-0000-4000-8000-00000000000a', '60c4e274-0000-4000-8000-00000000000b'],
};
const SINCE: ReplaySelection = { changedSince: '2026-11-24T08:00:00Z' };

/** A running ingress, and what was asked of it. */
async function startRun() {
  const { plane, log } = running;
  const key = await connected(running);
  const runId = (await plane.workflows.start(key, by('ann'))).runId!;
  const replica = startReplica(world.bus, key, [runId]);
  replicas.push(replica);
  await replica.report(runId, { kind: 'runStarted', revision: revision(1) });
  await until(
    'RUNNING',
    async () => (await plane.workflows.get(key)).status,
    (status) => status === 'RUNNING',
  );
  const contact = { instance: key.instance, table: 'contact' };
  const at = { ...key, table: 'contact' };
  const chooseOn = (eventLog: EventLog) => (selection: ReplaySelection, context: CommandContext) =>
    createReplays(createStores(eventLog), world.bus).choose(contact, selection, context);
  return {
    choose: chooseOn(log),
    /** The process dies between asking for the records and telling of it. */
    chooseAndDie: chooseOn({ ...log, append: () => Promise.reject(new Error('killed')) }),
    request: (context: CommandContext) => plane.replays.request(contact, 40, context),
    waiting: async () => (await plane.workflows.get(key)).replays,
    restart: async () => {
      await plane.workflows.stop(key, by('ann'));
      await replica.report(runId, { kind: 'runStopped' });
      await until(
        'STOPPED',
        async () => (await plane.workflows.get(key)).status,
        (status) => status === 'STOPPED',
      );
      await plane.workflows.start(key, by('ann'));
    },
    stop: () => plane.workflows.stop(key, by('ann')),
    askedCount: async () => (await (await openRetries(world.bus, at)).info()).num_pending,
    selection: () => readSelection(world.bus, at),
    read: async () => removeSelection(world.bus, at, (await readSelection(world.bus, at))!.id),
    toldCount: async () => {
      const { items } = await plane.workflows.history(key, PAGE);
      return items.filter(({ type }) => type === 'RecordsReplayed').length;
    },
  };
}

describe('a repeated Idempotency-Key on a choice of records', () => {
  test('of ids is answered as the first was, and asks for none of them again', async () => {
    const { choose, askedCount, toldCount } = await startRun();
    const first = await choose(IDS, by('ann', 'rr'));
    expect(await choose(IDS, by('bob', 'rr'))).toEqual(first);
    expect(first.by).toBe('ann');
    expect(await askedCount()).toBe(2);
    expect(await toldCount()).toBe(1);
    await choose(IDS, by('bob', 'another'));
    expect(await askedCount()).toBe(4);
  });

  test('by time is answered as the first was, while it is read and after it was', async () => {
    const { choose, selection, read, toldCount, stop } = await startRun();
    const first = await choose(SINCE, by('ann', 'rr'));
    expect(await choose(SINCE, by('ann', 'rr'))).toEqual(first);
    await expect(choose(SINCE, by('ann', 'another'))).rejects.toThrow(/still being read/);
    await read();
    await stop();
    expect(await choose(SINCE, by('ann', 'rr'))).toEqual(first);
    expect(await selection()).toBeNull();
    expect(await toldCount()).toBe(1);
  });

  test('after a kill between asking and telling asks once in all, and tells of it', async () => {
    const { choose, chooseAndDie, askedCount, toldCount } = await startRun();
    await expect(chooseAndDie(IDS, by('ann', 'rr'))).rejects.toThrow('killed');
    expect(await toldCount()).toBe(0);
    await choose(IDS, by('ann', 'rr'));
    expect(await askedCount()).toBe(2);
    expect(await toldCount()).toBe(1);
  });

  test('after such a kill does not ask again for what was read meanwhile', async () => {
    const { choose, chooseAndDie, selection, read, toldCount } = await startRun();
    await expect(chooseAndDie(SINCE, by('ann', 'rr'))).rejects.toThrow('killed');
    await read();
    await choose(SINCE, by('ann', 'rr'));
    expect(await selection()).toBeNull();
    expect(await toldCount()).toBe(1);
    await choose(SINCE, by('ann', 'another'));
    expect(await selection()).not.toBeNull();
  });
});

test('a repeated key on the replay of a table is answered as the first was, also after the start that took it up', async () => {
  const { request, waiting, restart } = await startRun();
  const { requestedAt } = await request(by('ann', 'rr'));
  expect(await waiting()).toHaveLength(1);
  await restart();
  expect(await request(by('bob', 'rr'))).toMatchObject({ requestedAt, by: 'ann' });
  expect(await waiting()).toEqual([]);
});
