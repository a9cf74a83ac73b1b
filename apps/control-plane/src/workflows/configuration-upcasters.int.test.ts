import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { INITIAL_EGRESS_CONFIGURATION } from '@landbridge/contracts';
import {
  by,
  connected,
  PAGE,
  startWorld,
  type Running,
  type World,
} from '../../test/control-plane-world.ts';
import { workflowStream } from '../projections/stream-ids.ts';

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

test('a configuration that an earlier version saved with what is refused today is read, and can be saved on', async () => {
  const { plane, log } = running;
  const key = { ...(await connected(running)), workflow: 'egress' as const };
  const { files } = INITIAL_EGRESS_CONFIGURATION;
  const stored = {
    ...INITIAL_EGRESS_CONFIGURATION,
    files: {
      ...files,
      folder: './logs/.',
      archiveFolder: '.',
      deliveryColumns: { messageId: 'Message', url: 'Link' },
    },
  };
  await log.append(workflowStream(key), 'any', [
    {
      eventId: randomUUID(),
      type: 'ConfigurationSaved',
      schemaVersion: 1,
      data: { revision: 1, configuration: stored },
      metadata: {
        actor: { kind: 'person', id: 'ann', name: 'ann' },
        correlationId: randomUUID(),
        causationId: null,
        traceparent: null,
      },
    },
  ]);
  const { configuration, revision } = await plane.workflows.configuration(key);
  expect(configuration).toEqual({
    ...INITIAL_EGRESS_CONFIGURATION,
    files: { ...files, folder: 'logs', archiveFolder: 'done', deliveryColumns: { url: 'Link' } },
  });
  await plane.workflows.saveConfiguration(key, INITIAL_EGRESS_CONFIGURATION, revision, by('ann'));
  const { items } = await plane.workflows.history(key, PAGE);
  expect(items.filter(({ type }) => type === 'ConfigurationSaved')).toHaveLength(3);
});
