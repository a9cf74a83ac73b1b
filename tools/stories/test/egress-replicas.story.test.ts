import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { TABLES } from '../src/egress-instance.ts';
import { type EgressWorld, startEgressWorld } from '../src/egress-world.ts';

const PARTITIONS = 4;

let world: EgressWorld;
beforeAll(async () => {
  const small = {
    LANDBRIDGE_EGRESS_PARTITIONS: String(PARTITIONS),
    LANDBRIDGE_EGRESS_BATCH: '20',
  };
  world = await startEgressWorld(small, 2);
}, 120_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

const REFUSALS = 6;
const RETRY_AFTER_S = 10;

test('a minute of 429 holds events up, loses none, doubles none, and is not answered by more requests', async () => {
  const instance = await world.instance({ dynamics: { contacts: 120 } });
  instance.profilesForAll();
  const storm = instance.dynamics.addFault({
    call: ['action', 'batch'],
    fault: { kind: 'throttle', retryAfterS: RETRY_AFTER_S },
  });
  await instance.starts();
  instance.campaign.sendMailing();
  const expected = instance.expected();
  const refused = () => instance.dynamics.calls({ status: 429 });
  const first = await until('the first refusal', refused, ({ length }) => length > 0, {
    timeoutMs: 60_000,
  });
  const begunMs = Date.parse(first[0]!.at);
  await until(
    'a minute of refusals',
    Date.now,
    (ms) => ms - begunMs > REFUSALS * RETRY_AFTER_S * 1_000,
    {
      timeoutMs: 120_000,
    },
  );
  expect(instance.activityCount()).toBe(0);
  // Two replicas of all partitions each may have been on their way when the first was refused.
  const bursts = refused().filter(({ at }) => Date.parse(at) - begunMs > RETRY_AFTER_S * 500);
  expect(bursts.length).toBeLessThanOrEqual(2 * PARTITIONS * REFUSALS);
  // A refusal changes nothing; what comes after it may be written without our hearing of it.
  instance.dynamics.addFault({
    call: ['action', 'batch'],
    times: 2,
    fault: { kind: 'dropReply' },
  });
  instance.dynamics.removeFault(storm);
  await instance.untilWritten(expected, 120_000);
  expect(instance.activityCount()).toBe(expected.length);
  expect(await instance.deadLetters()).toEqual([]);
  await instance.stops();
}, 360_000);

test('two replicas share the events, one of them dies, and each event is one activity', async () => {
  const instance = await world.instance({ dynamics: { contacts: 200 } });
  instance.profilesForAll();
  const before = await Promise.all([0, 1].map((nth) => world.recordCount('written', nth)));
  await instance.starts();
  await until(
    'both replicas to have written',
    async () => {
      instance.campaign.sendMailing();
      await instance.untilWritten(instance.expected(), 120_000);
      return Promise.all([0, 1].map((nth) => world.recordCount('written', nth)));
    },
    (counts) => counts.every((count, nth) => count > (before[nth] ?? 0)),
    { timeoutMs: 180_000 },
  );
  // Half are written at once and the others never, and all wait long for an answer: each partition
  // of a replica with one such request.
  const sends = { call: ['action', 'batch'], body: TABLES.send };
  const slow = instance.dynamics.addFault({ ...sends, fault: { kind: 'latency', ms: 8_000 } });
  const lost = instance.dynamics.addFault({
    ...sends,
    probability: 0.5,
    fault: { kind: 'dropRequest' },
  });
  for (let mailing = 0; mailing < 3; mailing += 1) instance.campaign.sendMailing();
  await until(
    'more requests under way than one replica has partitions',
    () => instance.dynamics.faults().find(({ id }) => id === slow)?.met ?? 0,
    (count) => count > PARTITIONS,
    { timeoutMs: 60_000, everyMs: 5 },
  );
  await world.kill(1);
  for (const fault of [slow, lost]) instance.dynamics.removeFault(fault);
  const expected = instance.expected();
  await instance.untilWritten(expected, 120_000);
  expect(instance.activityCount()).toBe(expected.length);
  expect(await instance.deadLetters()).toEqual([]);
  await world.start(1);
}, 360_000);
