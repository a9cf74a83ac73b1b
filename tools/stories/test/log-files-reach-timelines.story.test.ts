import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { ALL_EVENTS, type EgressInstance, type EgressSettings } from '../src/egress-instance.ts';
import { type EgressWorld, startEgressWorld } from '../src/egress-world.ts';

let world: EgressWorld;
beforeAll(async () => {
  world = await startEgressWorld();
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

const FILES = { ...ALL_EVENTS, source: 'files' } satisfies EgressSettings;
const names = ({ campaign }: EgressInstance): string[] => campaign.files().map(({ name }) => name);

/** A bounce is a send first, and the log keeps the one row of both. */
const shown = (instance: EgressInstance) => instance.expected();

test('log files become activities, and go to the archive when all their rows are queued', async () => {
  const instance = await world.instance({ dynamics: { contacts: 100 } });
  instance.profilesForAll();
  instance.campaign.sendMailing({ members: 4, bounces: 0, softBounces: 0.1 });
  const written = instance.campaign.writeLogFiles();
  await instance.starts(FILES);
  await instance.untilWritten(shown(instance));
  await until(
    'the files in the archive',
    () => names(instance),
    (present) => present.every((name) => !written.includes(name) || name.includes('done')),
  );
  expect(instance.activityCount()).toBe(shown(instance).length);
  const { members } = instance.campaign.ledgerCounts();
  await until(
    'the members that are left out',
    () => instance.figures('files').skipped,
    ({ seed = 0, proof = 0, test: tested = 0 }) => seed + proof + tested === members,
  );
}, 120_000);

test('a file that grows while it is looked at is read when it is whole, each row once', async () => {
  const switches = { fileWrites: 'inChunks' as const, fileChunkEveryMs: 0, fileChunkBytes: 3_000 };
  const instance = await world.instance({ dynamics: { contacts: 120 }, campaign: { switches } });
  instance.profilesForAll();
  instance.campaign.sendMailing({ bounces: 0, opens: 0, clicks: 0 });
  await instance.starts({ ...FILES, files: { lookEverySeconds: 1, afterwards: 'delete' } });
  instance.campaign.writeLogFiles();
  const expected = shown(instance);
  await until(
    'the file to be whole and its rows to be written',
    () => {
      const growing = instance.campaign.growFiles();
      return growing === 0 ? instance.activityCount() : -1;
    },
    (count) => count === expected.length,
    { timeoutMs: 60_000, everyMs: 700 },
  );
  await until(
    'the file to be gone',
    () => names(instance),
    (present) => present.length === 0,
  );
  expect(instance.activityCount()).toBe(expected.length);
}, 120_000);

test('a file that comes twice, gzipped, under another name makes one activity of each row', async () => {
  const switches = {
    fileArrival: 'repeated' as const,
    fileGzip: true,
    fileHeaders: 'labels' as const,
  };
  const instance = await world.instance({ dynamics: { contacts: 80 }, campaign: { switches } });
  instance.profilesForAll();
  instance.campaign.sendMailing({ bounces: 0 });
  instance.campaign.writeLogFiles();
  await instance.starts({ ...FILES, files: { lookEverySeconds: 1, afterwards: 'keep' } });
  const expected = shown(instance);
  await instance.untilWritten(expected);
  await until(
    'both tellings of each send',
    () => instance.figures('send'),
    ({ read }) => read >= 160,
  );
  await instance.untilEmpty();
  expect(instance.activityCount()).toBe(expected.length);
}, 120_000);

test('kill -9 in the middle of the files loses no row and doubles none', async () => {
  const instance = await world.instance({ dynamics: { contacts: 1_500 } });
  instance.profilesForAll();
  instance.campaign.sendMailing({ bounces: 0 });
  instance.campaign.writeLogFiles();
  await instance.starts(FILES);
  for (const soMany of [1, 900]) {
    await until(
      `${soMany} activities before the kill`,
      () => instance.activityCount(),
      (count) => count >= soMany,
      { timeoutMs: 60_000, everyMs: 5 },
    );
    await world.kill();
    await world.start();
  }
  const expected = shown(instance);
  await instance.untilWritten(expected, 90_000);
  expect(instance.activityCount()).toBe(expected.length);
}, 180_000);

test('SFTP that refuses the key ends the run; one that is away is waited for', async () => {
  const instance = await world.instance({ dynamics: { contacts: 10 } });
  instance.profilesForAll();
  await instance.campaign.sftpGoAway();
  instance.campaign.sendMailing({ bounces: 0 });
  instance.campaign.writeLogFiles();
  const runId = await instance.starts(FILES);
  await instance.reportOf('conditionRaised', runId);
  await instance.campaign.sftpComeBack();
  await instance.untilWritten(shown(instance));
  instance.campaign.setSftpAccess(false);
  await instance.campaign.sftpGoAway();
  await instance.campaign.sftpComeBack();
  const failed = await instance.reportOf('runFailed', runId);
  expect(failed.failure).toMatchObject({ code: 'credentialsRefused', system: 'campaign' });
}, 120_000);
