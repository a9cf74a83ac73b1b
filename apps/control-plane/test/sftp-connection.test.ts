import { expect, test } from '@jest/globals';
import type { ConnectionTest } from '@landbridge/contracts';
import { SftpRefused, SftpUnreachable } from '@landbridge/sftp';
import { DEMO, openAppWorld, type AppWorld } from './app-world.ts';

const SFTP = {
  host: 'sftp.acme.example',
  user: 'acme',
  privateKey: 'not a real key',
  directory: '/exports',
};

async function openWorld(): Promise<AppWorld> {
  const world = await openAppWorld();
  await world.connect();
  await world.call('PUT', `${DEMO}/connections/sftp`, { payload: SFTP });
  await world.call('PUT', `${DEMO}/workflows/egress/configuration`, {
    payload: { source: 'files', files: { folder: 'logs' } },
    headers: { 'if-match': '"1"' },
  });
  return world;
}

const tried = async (world: AppWorld) =>
  (await world.call('POST', `${DEMO}/connections/sftp/test`)).json<ConnectionTest>();

test('what the configuration needs is tried: the folder, and the archive beside it', async () => {
  await using world = await openWorld();
  const made: string[] = [];
  world.systems.sftp.makeFolder = async (folder) => void made.push(folder);
  const answer = await tried(world);
  expect(answer.passed).toBe(true);
  expect(answer.checks.map(({ check }) => check)).toEqual([
    'signIn',
    'list:logs',
    'write:logs/done',
  ]);
  expect(made).toEqual(['logs/done']);
});

test('a folder that is not there, and an archive that may not be made, say how to mend it', async () => {
  await using world = await openWorld();
  world.systems.sftp.list = async (folder) => {
    if (folder === '') return [];
    throw new SftpRefused('the list of a folder', 'notFound');
  };
  world.systems.sftp.makeFolder = async () => {
    throw new SftpRefused('a new folder', 'forbidden');
  };
  const { passed, checks } = await tried(world);
  expect(passed).toBe(false);
  expect(checks.map(({ remedy }) => remedy)).toEqual([
    null,
    expect.stringContaining('Make the folder'),
    expect.stringContaining('the right to list, read, write and rename'),
  ]);
});

test.each([
  [new SftpRefused('the connection', 'hostKey'), 'another key than the hostKey'],
  [new SftpRefused('the connection', 'credentials'), 'the public half of this key'],
  [new SftpRefused('the connection', 'keyUnreadable'), 'Save the private key again'],
  [new SftpUnreachable('the connection', 'connect'), 'allow list'],
])('%s names what to do, and nothing after it is tried', async (error, remedy) => {
  await using world = await openWorld();
  world.systems.sftp.list = async () => {
    throw error;
  };
  const { checks } = await tried(world);
  expect(checks[0]).toMatchObject({ passed: false, remedy: expect.stringContaining(remedy) });
  expect(checks[1]?.message).toContain('Not tried');
});
