import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InstanceId } from '@landbridge/contracts';
import { backlogOf, forgetInstance, openPartition, publishRecords } from '../src/index.ts';
import { record } from './builders.ts';
import { type Fixture, SERVERS, startBus } from './bus-fixture.ts';

const PARTITIONS = Array.from({ length: 12 }, (_, partition) => partition);

describe.each(SERVERS)('an instance that is forgotten, on the %s nats-server', (which) => {
  let nats: Fixture;
  beforeAll(async () => {
    nats = await startBus(which);
  });
  afterAll(async () => nats[Symbol.asyncDispose]());

  const queued = async (name: string) => {
    const at = { workflow: 'ingress' as const, instance: InstanceId.parse(name) };
    const records = PARTITIONS.map((partition) => {
      const made = record({ instance: at.instance, key: `k${partition}` });
      return { record: made, partition, messageId: `${name}/${partition}` };
    });
    await publishRecords(nats.bus, at, records);
    for (const partition of PARTITIONS) await openPartition(nats.bus, at, partition);
    return at;
  };

  test('two that forget it at once leave nothing of it, and a neighbour keeps everything', async () => {
    const [gone, neighbour] = [await queued('gone'), await queued('gone-not')];
    await Promise.all(Array.from({ length: 4 }, () => forgetInstance(nats.bus, gone.instance)));
    expect(await backlogOf(nats.bus, gone)).toMatchObject({ queued: 0 });
    expect(await backlogOf(nats.bus, neighbour)).toMatchObject({ queued: PARTITIONS.length });
  });
});
