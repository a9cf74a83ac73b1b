import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { InstanceId, ReplicaId, RunId } from '@landbridge/contracts';
import { type Bus, budgetOf, connectBus, sendHeartbeat } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { type NatsServer, startNats, until } from '@landbridge/testing';
import { chunkOf, createLimiter, DayBudget, RetryLater, watchReplicaShare } from '../src/index.ts';

describe.each(['newest', 'floor'] as const)(
  'the budget of a day, on the %s nats-server',
  (which) => {
    let nats: NatsServer;
    const buses: Bus[] = [];
    beforeAll(async () => {
      nats = await startNats({ server: which });
      const log = createLog('test', 'silent');
      for (const name of ['one', 'two', 'three']) {
        buses.push(await connectBus({ url: nats.url, name, log }));
      }
    });
    afterAll(async () => {
      await Promise.all(buses.map((bus) => bus.close()));
      await nats.stop();
    });

    /** Three replicas with one budget, and a clock that they share. */
    function world(callsPerDay: number | null) {
      const instance = InstanceId.parse(`i${randomUUID().slice(0, 8)}`);
      const clock = { now: new Date('2026-11-24T22:00:00.000Z') };
      const of = { instance, system: 'campaign', callsPerDay } as const;
      const replica = (bus: Bus) => new DayBudget({ bus, ...of, now: () => clock.now });
      const [first] = buses;
      if (first === undefined) throw new Error('no bus');
      return { clock, replicas: buses.map(replica), left: () => budgetOf(first, of, clock.now) };
    }
    /** Takes calls until it is refused; gives how many, and why it ended. */
    async function takeAll(budget: DayBudget, most = Infinity) {
      for (let taken = 0; ; taken += 1) {
        if (taken >= most) return { taken, refusal: null };
        const refusal = await budget.take().then(
          () => null,
          (error: unknown) => error,
        );
        if (refusal !== null) return { taken, refusal };
      }
    }

    test('three replicas together spend the day to its last call and not one more', async () => {
      const { replicas, left, clock } = world(1_000);
      const ends = await Promise.all(replicas.map((budget) => takeAll(budget)));
      expect(ends.reduce((sum, { taken }) => sum + taken, 0)).toBe(1_000);
      const refusal = ends[0]?.refusal;
      expect(refusal).toBeInstanceOf(RetryLater);
      expect(refusal).toMatchObject({
        condition: 'BudgetSpent',
        retryAfterMs: 30_000,
        message: expect.stringContaining('it goes on by itself at 2026-11-25T00:00:00.000Z'),
      });
      expect(await left()).toEqual({
        spent: 1_000,
        left: 0,
        resumesAt: '2026-11-25T00:00:00.000Z',
      });
      clock.now = new Date('2026-11-25T00:00:00.000Z');
      expect(await left()).toMatchObject({ spent: 0, left: 1_000 });
      await replicas[1]?.take();
      expect((await left()).spent).toBe(chunkOf(1_000));
    });

    test('a crash costs the day no more than what one replica had reserved', async () => {
      const { replicas, left } = world(1_000);
      const [killed, other] = replicas;
      if (killed === undefined || other === undefined) throw new Error('no replica');
      await takeAll(killed, 3);
      const { taken } = await takeAll(other);
      expect(3 + taken).toBeGreaterThanOrEqual(1_000 - chunkOf(1_000));
      expect((await left()).left).toBe(0);
    });

    test('what was reserved and not spent is given back at a stop', async () => {
      const { replicas, left } = world(10_000);
      const [budget] = replicas;
      await budget?.take();
      expect((await left()).spent).toBe(chunkOf(10_000));
      await budget?.close();
      expect((await left()).spent).toBe(1);
    });

    test('without a bound calls are counted all the same, and nothing is ever refused', async () => {
      const { replicas, left } = world(null);
      await Promise.all(replicas.map((budget) => takeAll(budget, 250)));
      await Promise.all(replicas.map((budget) => budget.close()));
      expect(await left()).toMatchObject({ spent: 750, left: null });
    });

    test('replicas that are heard share the limits, and one that falls silent no more', async () => {
      const [bus] = buses;
      if (bus === undefined) throw new Error('no bus');
      const instance = InstanceId.parse(`i${randomUUID().slice(0, 8)}`);
      const clock = { nowMs: 0 };
      const of = { workflow: 'ingress', instance, replica: ReplicaId.parse('self') } as const;
      const share = watchReplicaShare(bus, of, () => clock.nowMs);
      const limiter = createLimiter({
        requestsPerSecond: 100_000,
        inFlightMax: 6,
        sharedBy: () => share.count(),
      });
      expect(limiter.state().window).toBe(6);
      const beat = (name: string, runs = [{ instance, runId: RunId.parse(randomUUID()) }]) => {
        const replica = ReplicaId.parse(name);
        sendHeartbeat(bus, { workflow: 'ingress', replica, at: new Date().toISOString(), runs });
      };
      for (const name of ['self', 'second', 'third']) beat(name);
      beat('elsewhere', []);
      await until(
        'both others to be heard',
        () => share.count(),
        (count) => count === 3,
      );
      expect(limiter.state().window).toBe(2);
      clock.nowMs = 5_001;
      expect(limiter.state().window).toBe(6);
      share.close();
    });
  },
);
