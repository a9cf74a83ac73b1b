import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import type { OptinInstance, OptinSettings } from '../src/optin-instance.ts';
import { type OptinWorld, startOptinWorld } from '../src/optin-world.ts';

let world: OptinWorld;
beforeAll(async () => {
  world = await startOptinWorld({ LANDBRIDGE_PAGE_ROWS: '7' });
}, 60_000);
afterAll(async () => world[Symbol.asyncDispose](), 30_000);

const EXPORTED: OptinSettings = {
  direction: 'campaign-to-dynamics',
  source: 'export',
  mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListEmail' }],
  export: { files: 'optout*', lookEverySeconds: 1 },
};

const optOut = (instance: OptinInstance, ids: readonly string[]) => {
  for (const id of ids) instance.campaign.changeOptOut(id, 'blackListEmail', true);
};
const outCount = ({ dynamics }: OptinInstance, ids: readonly string[]): number =>
  ids.filter((id) => dynamics.contact(id)?.['donotbulkemail'] === true).length;
const waitFor = (instance: OptinInstance, ids: readonly string[]) =>
  until(
    'the opt-outs of the file',
    () => outCount(instance, ids),
    (count) => count === ids.length,
    // A connection that died without a word is found out within 40 s.
    { timeoutMs: 90_000 },
  );
const lying = (instance: OptinInstance) => instance.campaign.files().map(({ name }) => name);
const isDone = (instance: OptinInstance) =>
  until(
    'the files to be put away',
    () => lying(instance).filter((name) => name.startsWith('optout')),
    (names) => names.length === 0,
    { timeoutMs: 40_000 },
  );

test('each file is read once and put away; what is repeated in a later one is no news', async () => {
  const instance = await world.instance({ dynamics: { contacts: 20 } });
  const ids = instance.profilesForAll();
  optOut(instance, ids.slice(0, 10));
  await instance.starts(EXPORTED);
  instance.campaign.exportOptOuts();
  await waitFor(instance, ids.slice(0, 10));
  await isDone(instance);
  await instance.settled();
  instance.dynamics.resetCalls();
  instance.campaign.repeatLastFile();
  await isDone(instance);
  await instance.settled();
  expect(instance.dynamics.calls({ method: 'PATCH' })).toEqual([]);
  instance.campaign.setSwitches({ fileArrival: 'repeated', fileGzip: true });
  optOut(instance, ids.slice(10));
  instance.campaign.exportOptOuts();
  await waitFor(instance, ids);
  await isDone(instance);
  expect(instance.dynamics.calls({ method: 'PATCH' })).toHaveLength(10);
  await instance.stops();
}, 180_000);

test('a file that is still being written is left alone until it is whole', async () => {
  const instance = await world.instance({ dynamics: { contacts: 12 } });
  const ids = instance.profilesForAll();
  instance.campaign.setSwitches({
    fileWrites: 'inChunks',
    fileChunkBytes: 500,
    fileChunkEveryMs: 0,
    fileSeparator: ';',
    fileQuotes: 'all',
    fileBom: true,
    optOutNames: 'denyList',
    fileDates: 'slashes',
    fileBooleans: 'digits',
  });
  optOut(instance, ids);
  instance.campaign.exportOptOuts();
  instance.campaign.growFiles();
  await instance.starts(EXPORTED);
  await until(
    'four looks at the folder',
    () => instance.campaign.callCounts().byCall['sftpList'] ?? 0,
    (count) => count >= 4,
    { timeoutMs: 30_000 },
  );
  expect(outCount(instance, ids)).toBe(0);
  while (instance.campaign.growFiles() > 0);
  await waitFor(instance, ids);
  await instance.stops();
}, 120_000);

test('late files, a file of no use and SFTP going away delay opt-outs and lose none', async () => {
  const instance = await world.instance({ dynamics: { contacts: 8 } });
  const ids = instance.profilesForAll();
  await instance.starts(EXPORTED);
  instance.campaign.setSwitches({ optOutFileName: 'optout_broken', fileHeaders: 'labels' });
  optOut(instance, ids.slice(0, 2));
  instance.campaign.exportOptOuts();
  const unusable = await until(
    'the condition',
    () =>
      world.reports.find(
        (report) =>
          report.instance === instance.name &&
          report.kind === 'conditionRaised' &&
          report.condition === 'ExportUnreadable',
      ),
    (report) => report !== undefined,
    { timeoutMs: 30_000 },
  );
  expect(unusable).toMatchObject({ message: expect.stringContaining('denyListEmail') });
  instance.campaign.setSwitches({
    optOutFileName: 'optout',
    fileHeaders: 'names',
    fileArrival: 'late',
  });
  optOut(instance, ids.slice(2));
  instance.campaign.exportOptOuts();
  await instance.campaign.sftpGoAway();
  instance.campaign.deliverLateFiles();
  await instance.campaign.sftpComeBack();
  await waitFor(instance, ids.slice(2));
  await instance.stops();
}, 200_000);

test('what is missing is named when a run starts', async () => {
  const instance = await world.instance({ dynamics: { contacts: 1 } });
  const mapped = (dynamics: string): OptinSettings => ({
    ...EXPORTED,
    mappings: [{ dynamics, campaign: 'denyListEmail' }],
  });
  expect(await instance.failure(await instance.starts(mapped('new_optout')))).toMatchObject({
    code: 'columnMissing',
    field: 'contact.new_optout',
  });
  expect(await instance.failure(await instance.starts(mapped('firstname')))).toMatchObject({
    code: 'columnTypeChanged',
    field: 'contact.firstname',
  });
  instance.campaign.removeAttribute('profile', 'blackListEmail');
  expect(await instance.failure(await instance.starts(EXPORTED))).toMatchObject({
    code: 'columnMissing',
    system: 'campaign',
    field: 'profile.denyListEmail',
  });
  expect(
    await instance.failure(
      await instance.starts({ ...EXPORTED, direction: 'dynamics-to-campaign' }),
    ),
  ).toMatchObject({ code: 'configurationInvalid', field: 'direction' });
}, 120_000);

test('an attribute that disappears under a run fails it by its name', async () => {
  const instance = await world.instance({ dynamics: { contacts: 1 } });
  instance.profilesForAll();
  const runId = await instance.starts({ ...EXPORTED, source: 'poll', poll: { everySeconds: 1 } });
  await until(
    'the run to begin',
    () => world.reports.some((report) => report.kind === 'runStarted' && report.runId === runId),
    (begun) => begun,
  );
  instance.dynamics.removeColumn('contact', 'donotbulkemail');
  expect(await instance.failure(runId)).toMatchObject({
    code: 'columnMissing',
    field: 'contact.donotbulkemail',
  });
}, 120_000);
