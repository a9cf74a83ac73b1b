import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OptinConfiguration, type WorkflowName } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import {
  by,
  connected,
  startWorld,
  type Running,
  type World,
} from '../../test/control-plane-world.ts';
import { contactMapping } from '../../test/workflow-builders.ts';
import type { ConfigurationOf } from './workflow-configuration.ts';

let world: World;
let running: Running;
beforeAll(async () => {
  world = await startWorld();
  running = await world.open(await world.createDatabase());
}, 120_000);
afterAll(async () => {
  await running.close();
  await world[Symbol.asyncDispose]();
}, 60_000);

const ANN = by('ann');
const OPTIN = OptinConfiguration.parse({
  direction: 'bidirectional',
  source: 'poll',
  mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListEmail' }],
});
const WITHOUT = contactMapping({});
const WITH = contactMapping({
  fields: [{ dynamics: 'donotbulkemail', campaign: 'blackListEmail', applyUpdates: true }],
});

test('where both map one opt-out already, neither starts until it is out of the saved and the running one', async () => {
  const { workflows } = running.plane;
  const { instance } = await connected(running);
  const [ingress, optin] = [
    { instance, workflow: 'ingress' },
    { instance, workflow: 'optin' },
  ] as const;
  const save = async <Workflow extends WorkflowName>(
    workflow: Workflow,
    configuration: ConfigurationOf<Workflow>,
  ) => {
    const key = { instance, workflow };
    const { revision } = await workflows.configuration(key);
    await workflows.saveConfiguration(key, configuration, revision, ANN);
  };
  const whyNot = async (workflow: WorkflowName) =>
    (await workflows.get({ instance, workflow })).actions.start.reason;

  const ended = new AbortController();
  const shown = new Map<WorkflowName, string | null>();
  const watching = (async () => {
    for await (const { view } of workflows.watch(null, ended.signal)) {
      shown.set(view.workflow, view.actions.start.reason);
    }
  })();

  await save('ingress', WITH);
  await workflows.start(ingress, ANN);
  await save('optin', OPTIN);
  expect(await whyNot('optin')).toMatch(/mapped in the contact mapping/);
  await expect(workflows.start(optin, ANN)).rejects.toThrow(/mapped in the contact mapping/);
  await save('ingress', WITHOUT);
  expect(await whyNot('optin')).toMatch(/mapped in the contact mapping/);
  await until(
    'the watcher to hear of it',
    () => shown.get('optin'),
    (why) => /contact mapping/.test(why ?? ''),
  );

  await workflows.stop(ingress, ANN);
  await until(
    'ingress to stop',
    () => whyNot('optin'),
    (why) => why === null,
  );
  await save('ingress', WITH);
  expect(await whyNot('ingress')).toMatch(/mapped in Opt-In\/Out too/);
  await save('ingress', WITHOUT);
  await workflows.start(optin, ANN);
  await until(
    'the watcher to see the start',
    () => shown.get('optin'),
    (why) => /starting/.test(why ?? ''),
  );
  ended.abort();
  await watching;
}, 120_000);
