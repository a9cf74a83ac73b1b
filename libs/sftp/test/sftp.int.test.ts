import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, jest, test } from '@jest/globals';
import {
  createSftpClient,
  disposeOf,
  endsWhole,
  fitsPattern,
  readRows,
  unchangedFiles,
  type FileCursor,
  type SftpClient,
  type SftpFile,
} from '../src/index.ts';
import { HOST_KEY, OTHER_KEY, startSftp } from './tiny-sftp.ts';

// Handshakes are slow where processors are.
jest.setTimeout(120_000);

async function world(change: object = {}) {
  const server = await startSftp();
  const client = createSftpClient({ connection: { ...server.connection, ...change } });
  return {
    server,
    client,
    write: (name: string, content: string | Buffer) =>
      writeFileSync(join(server.folder, name), content),
    async file(name: string): Promise<SftpFile> {
      const files = await client.list('');
      const file = files.find((one) => one.name === name);
      if (file === undefined) throw new Error(`no ${name}`);
      return file;
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function rowsOf(client: SftpClient, file: SftpFile, cursor: FileCursor | null = null) {
  const batches = [];
  const read = { file, cursor, batchRowsMax: 2 };
  for await (const batch of readRows(client, file.name, read)) batches.push(batch);
  return { batches, rows: batches.flatMap(({ rows }) => rows) };
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => null).catch((error: unknown) => error);
}

test.each([
  ['commas', 'id,name\n1,"Doe, J."\n2,Roe\n'],
  ['semicolons and a byte order mark', '\uFEFFid;name\r\n1;"Doe, J."\r\n2;Roe\r\n'],
  ['tabs without quotes', 'id\tname\n1\tDoe, J.\n2\tRoe\n'],
  ['quotes around everything', '"id"|"name"\n"1"|"Doe, J."\n"2"|"Roe"\n'],
])('a file with %s is read by its headings', async (_, text) => {
  await using it = await world();
  it.write('a.txt', text);
  it.write('a.txt.gz', gzipSync(text));
  for (const name of ['a.txt', 'a.txt.gz']) {
    const { rows } = await rowsOf(it.client, await it.file(name));
    expect(rows).toEqual([
      { line: 1, cells: { id: '1', name: 'Doe, J.' } },
      { line: 2, cells: { id: '2', name: 'Roe' } },
    ]);
  }
});

test('a line with too few or too many cells is one row lost, not the file', async () => {
  await using it = await world();
  it.write('a.csv', 'id,name\n1,a\n2\n3,b,c\n4,d\n');
  const { rows } = await rowsOf(it.client, await it.file('a.csv'));
  expect(rows.map(({ cells }) => cells?.id ?? null)).toEqual(['1', null, null, '4']);
});

test('reading goes on where it was, unless the file was written again', async () => {
  await using it = await world();
  it.write('a.csv', 'id\n1\n2\n3\n4\n5\n');
  const file = await it.file('a.csv');
  const { batches } = await rowsOf(it.client, file);
  expect(batches.map(({ next }) => next.line)).toEqual([2, 4, 5]);
  const cursor = batches[0]!.next;
  const rest = await rowsOf(it.client, file, cursor);
  expect(rest.rows.map(({ line }) => line)).toEqual([3, 4, 5]);
  it.write('a.csv', 'id\n1\n2\n');
  expect((await rowsOf(it.client, await it.file('a.csv'), cursor)).rows).toHaveLength(2);
});

test('a file is waited for until two looks find it the same, and its last line is ended', async () => {
  await using it = await world();
  const path = join(it.server.folder, 'a.csv');
  it.write('a.csv', 'id\n1\n2');
  const first = await it.client.list('');
  appendFileSync(path, '3\n4');
  const second = await it.client.list('');
  expect(unchangedFiles(first, second)).toEqual([]);
  const third = await it.client.list('');
  const [still] = unchangedFiles(second, third);
  expect(await endsWhole(it.client, 'a.csv', still!)).toBe(false);
  appendFileSync(path, '\n');
  expect(await endsWhole(it.client, 'a.csv', await it.file('a.csv'))).toBe(true);
});

test('a file that grows while it is read is not done, and no half line is handed out', async () => {
  await using it = await world();
  it.write('a.csv', 'id,name\n1,a\n');
  const file = await it.file('a.csv');
  appendFileSync(join(it.server.folder, 'a.csv'), '2,half');
  const rows: unknown[] = [];
  const reading = (async () => {
    const read = { file, cursor: null, batchRowsMax: 100 };
    for await (const batch of readRows(it.client, 'a.csv', read)) rows.push(...batch.rows);
  })();
  expect(await errorOf(reading)).toMatchObject({ name: 'FileIncomplete', file: 'a.csv' });
  expect(rows).toEqual([{ line: 1, cells: { id: '1', name: 'a' } }]);
});

test('a gzip that is cut off is not whole yet; one that is none cannot be read', async () => {
  await using it = await world();
  const whole = gzipSync(Buffer.from(`id\n${'123456789\n'.repeat(500)}`));
  it.write('cut.csv.gz', whole.subarray(0, whole.length - 4));
  it.write('plain.csv.gz', 'id\n1\n');
  expect(await errorOf(rowsOf(it.client, await it.file('cut.csv.gz')))).toMatchObject({
    name: 'FileIncomplete',
  });
  expect(await errorOf(rowsOf(it.client, await it.file('plain.csv.gz')))).toMatchObject({
    name: 'FileUnreadable',
    code: 'Z_DATA_ERROR',
  });
});

test('what cannot be parsed is named by its code, without a word of the file', async () => {
  await using it = await world();
  it.write('a.csv', `id,name\n1,"ada@x ${'never closed '.repeat(100_000)}\n`);
  const error = await errorOf(rowsOf(it.client, await it.file('a.csv')));
  expect(error).toMatchObject({ name: 'FileUnreadable', code: 'CSV_MAX_RECORD_SIZE' });
  expect(String(error)).not.toContain('ada@');
});

test('a file in another encoding than UTF-8 is told by its line, and none of its text is guessed', async () => {
  await using it = await world();
  const rows = Array.from({ length: 20_000 }, (_, index) => `${index},Grüße 🎉`);
  it.write('good.csv', `id,name\n${rows.join('\n')}\n`);
  const { rows: read } = await rowsOf(it.client, await it.file('good.csv'));
  expect(read.every(({ cells }) => cells?.name === 'Grüße 🎉')).toBe(true);
  const latin = Buffer.from('20000,Frühling\n20001,x\n', 'latin1');
  it.write('bad.csv', Buffer.concat([Buffer.from(`id,name\n${rows.join('\n')}\n`), latin]));
  const error = await errorOf(rowsOf(it.client, await it.file('bad.csv')));
  expect(error).toMatchObject({ name: 'FileUnreadable', code: 'NOT_UTF8' });
  expect(String(error)).toContain('line 20002');
});

test('a connection that breaks in the middle is an outage, and the next read goes on', async () => {
  await using it = await world();
  it.write('a.csv', `id\n${'123456789\n'.repeat(100_000)}`);
  const file = await it.file('a.csv');
  it.server.reads.breakAfter = 300_000;
  let cursor: FileCursor | null = null;
  const reading = (async () => {
    const read = { file, cursor: null, batchRowsMax: 1_000 };
    for await (const batch of readRows(it.client, 'a.csv', read)) cursor = batch.next;
  })();
  expect(await errorOf(reading)).toMatchObject({ name: 'SftpUnreachable', reason: 'broken' });
  it.server.reads.breakAfter = Infinity;
  const { rows } = await rowsOf(it.client, file, cursor);
  expect(rows[0]?.line).toBe((cursor as FileCursor | null)!.line + 1);
  expect(rows.at(-1)?.line).toBe(100_000);
});

test('no more of a large file is read than is asked for', async () => {
  await using it = await world();
  it.write('a.csv', `id,text\n${`1,${'x'.repeat(990)}\n`.repeat(16_000)}`);
  const file = await it.file('a.csv');
  const read = { file, cursor: null, batchRowsMax: 100 };
  for await (const batch of readRows(it.client, 'a.csv', read)) {
    expect(batch.rows).toHaveLength(100);
    break;
  }
  // The connection answers in turn: what was under way before this has arrived.
  await it.client.stat('a.csv');
  expect(file.size).toBeGreaterThan(15_000_000);
  expect(it.server.reads.bytes).toBeLessThan(2_000_000);
});

test('files are archived without overwriting, deleted, or kept, and gone ones are done with', async () => {
  await using it = await world();
  const how = { folder: '', afterwards: 'archive', archiveFolder: 'done/2026' } as const;
  for (const content of ['one\n', 'second\n']) {
    it.write('a.csv', content);
    await disposeOf(it.client, await it.file('a.csv'), how);
  }
  const archived = readdirSync(join(it.server.folder, 'done/2026')).toSorted();
  expect(archived).toEqual(['a.csv', expect.stringMatching(/^a\.csv\.\d+-7$/)]);
  expect(readFileSync(join(it.server.folder, 'done/2026/a.csv'), 'utf8')).toBe('one\n');
  it.write('b.csv', 'x\n');
  const file = await it.file('b.csv');
  await disposeOf(it.client, file, { ...how, afterwards: 'keep' });
  expect(await it.client.list('')).toEqual([file]);
  for (const afterwards of ['delete', 'delete', 'archive'] as const) {
    await disposeOf(it.client, file, { ...how, afterwards });
  }
  expect(await it.client.list('')).toEqual([]);
});

test('bytes are read from an offset', async () => {
  await using it = await world();
  it.write('a.txt', '0123456789');
  let text = '';
  for await (const bytes of await it.client.read('a.txt', { from: 3, until: 7 })) {
    text += String(bytes);
  }
  expect(text).toBe('3456');
});

const blob = Buffer.from(HOST_KEY.split(' ')[1] ?? '', 'base64');
const fingerprint = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');

test.each([
  ['a line of known_hosts', `[127.0.0.1]:22 ${HOST_KEY}`],
  ['the key alone', HOST_KEY.split(' ')[1]],
  ['a fingerprint', `SHA256:${fingerprint}`],
])('the server is known by %s', async (_, hostKey) => {
  await using it = await world({ hostKey });
  expect(await it.client.list('')).toEqual([]);
});

test('another server, user key or folder is refused by name, and an unusable key is not shown', async () => {
  const kinds = [
    [{ hostKey: 'SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }, 'hostKey'],
    [{ privateKey: OTHER_KEY }, 'credentials'],
    [{ privateKey: '-----BEGIN secret-nobody-may-see' }, 'keyUnreadable'],
    [{ directory: 'nowhere' }, 'notFound'],
  ] as const;
  for (const [change, kind] of kinds) {
    await using it = await world(change);
    const error = await errorOf(it.client.list(''));
    expect(error).toMatchObject({ name: 'SftpRefused', kind });
    expect(error instanceof Error ? `${error.stack} ${JSON.stringify(error)}` : '').not.toContain(
      'secret-nobody',
    );
  }
});

test('a server that is not there is an outage, and one that comes back is used again', async () => {
  const gone = await startSftp();
  await gone[Symbol.asyncDispose]();
  await using absent = createSftpClient({ connection: gone.connection });
  expect(await errorOf(absent.list(''))).toMatchObject({ reason: 'connect' });
  await using it = await world();
  expect(await it.client.list('')).toEqual([]);
  it.server.cut();
  const again = await errorOf(it.client.list(''));
  if (again !== null) expect(again).toMatchObject({ name: 'SftpUnreachable' });
  it.write('a.csv', 'x\n');
  truncateSync(join(it.server.folder, 'a.csv'), 2);
  expect(await it.client.list('')).toHaveLength(1);
});

test('a pattern is a name with stars, and what is still being written fits none', () => {
  expect(fitsPattern('Deliverylog_20260301.csv.gz', '*deliverylog*')).toBe(true);
  expect(fitsPattern('log.csv', 'log.c?v')).toBe(false);
  for (const name of ['a.csv.part', '.a.csv', 'a.csv.tmp', 'a.done']) {
    expect(fitsPattern(name, '*')).toBe(false);
  }
});
