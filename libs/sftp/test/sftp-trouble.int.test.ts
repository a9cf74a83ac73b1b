import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, jest, test } from '@jest/globals';
import { SftpConnection } from '@landbridge/contracts';
import { z } from 'zod';
import {
  createSftpClient,
  readRows,
  type SftpClient,
  type SftpClientOptions,
} from '../src/index.ts';
import { startBlackHole } from './black-hole.ts';
import { startSftp } from './tiny-sftp.ts';

// Handshakes are slow where processors are.
jest.setTimeout(120_000);

type Timeouts = Omit<SftpClientOptions, 'connection'>;

/** A server with one large file, and a way to it that can turn into a black hole. */
async function world(timeouts: Timeouts = {}) {
  const server = await startSftp();
  const hole = await startBlackHole(server.connection.port);
  const client = createSftpClient({
    connection: { ...server.connection, port: hole.port },
    ...timeouts,
  });
  writeFileSync(join(server.folder, 'a.csv'), LARGE);
  return {
    server,
    hole,
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
      await hole[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const LARGE = `id\n${'123456789\n'.repeat(400_000)}`;

/** Reads the file for as long as it comes, telling of each batch; gives what ended it. */
async function readAll(client: SftpClient, onBatch: () => void, signal?: AbortSignal) {
  const [file] = await client.list('');
  if (file === undefined) throw new Error('no file');
  const read = { file, cursor: null, batchRowsMax: 1_000, ...(signal && { signal }) };
  return errorOf(
    (async () => {
      for await (const _ of readRows(client, file.name, read)) onBatch();
    })(),
  );
}

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => null).catch((error: unknown) => error);

const TIMEOUT = { name: 'SftpUnreachable', reason: 'timeout' };
const BROKEN = { name: 'SftpUnreachable', reason: 'broken' };

test('a listing during which the connection breaks ends, and the next one connects again', async () => {
  await using it = await world();
  await it.client.list('');
  it.server.reads.breakListing = true;
  expect(await errorOf(it.client.list(''))).toMatchObject(BROKEN);
  it.server.reads.breakListing = false;
  expect(await it.client.list('')).toHaveLength(1);
});

test.each<[string, Timeouts]>([
  ['is asked whether it is there', { keepaliveMs: 50 }],
  ['does not answer in time', { answerTimeoutMs: 300 }],
])('a server that falls silent %s, and is given up', async (_, timeouts) => {
  await using it = await world(timeouts);
  expect(await it.client.list('')).toHaveLength(1);
  it.hole.swallow();
  const asked = [it.client.list(''), it.client.stat('a.csv'), it.client.makeFolder('done')];
  for (const error of await Promise.all(asked.map(errorOf))) expect(error).toMatchObject(TIMEOUT);
  it.hole.forward();
  expect(await it.client.list('')).toHaveLength(1);
});

test('a file of which no more comes ends as an outage', async () => {
  await using it = await world({ answerTimeoutMs: 300 });
  expect(await readAll(it.client, it.hole.swallow)).toMatchObject(TIMEOUT);
});

test('a silent connection is found out though nobody asks, and let go', async () => {
  await using it = await world({ keepaliveMs: 50 });
  await it.client.list('');
  it.hole.swallow();
  await once(it.hole.lastConnection(), 'close');
  it.hole.forward();
  expect(await it.client.list('')).toHaveLength(1);
});

test('a server that takes connections and says nothing is given up', async () => {
  await using it = await world({ connectTimeoutMs: 200 });
  it.hole.swallow();
  expect(await errorOf(it.client.list(''))).toMatchObject(TIMEOUT);
});

test('who does not wait any more has an answer at once, and others keep theirs', async () => {
  await using it = await world();
  await it.client.list('');
  const leaving = new AbortController();
  const why = new Error('stopped');
  const [left, kept] = [it.client.list('', leaving), it.client.list('')];
  leaving.abort(why);
  expect(await errorOf(left)).toBe(why);
  expect(await kept).toHaveLength(1);
  const reading = new AbortController();
  expect(await readAll(it.client, () => reading.abort(why), reading.signal)).toBe(why);
  it.hole.swallow();
  expect(await errorOf(it.client.stat('a.csv', { signal: AbortSignal.timeout(50) }))).toMatchObject(
    { name: 'TimeoutError' },
  );
});

test('closing waits for nobody: neither for a silent server nor for one that is connected to', async () => {
  for (const isConnected of [true, false]) {
    await using it = await world();
    if (isConnected) await it.client.list('');
    it.hole.swallow();
    const asked = errorOf(it.client.list(''));
    await it.client.close();
    expect(await asked).toMatchObject(BROKEN);
    expect(await errorOf(it.client.list(''))).toMatchObject(BROKEN);
  }
});

test('kill -9 of the server in the middle of a file is an outage', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve-alone.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const told: unknown[] = await once(createInterface({ input: child.stdout }), 'line');
    const { connection, folder } = Alone.parse(JSON.parse(String(told[0])));
    writeFileSync(join(folder, 'a.csv'), LARGE);
    await using client = createSftpClient({ connection });
    expect(await readAll(client, () => child.kill('SIGKILL'))).toMatchObject(BROKEN);
    expect(await errorOf(client.list(''))).toMatchObject({ reason: 'connect' });
    rmSync(dirname(folder), { recursive: true });
  } finally {
    child.kill('SIGKILL');
  }
});

const Alone = z.object({ connection: SftpConnection, folder: z.string() });
