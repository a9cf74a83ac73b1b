import { expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import type { ConditionType } from '@landbridge/contracts';
import { type SftpClient, type SftpFile, SftpRefused } from '@landbridge/sftp';
import { createLog } from '@landbridge/telemetry';
import type { ReadBatch } from '@landbridge/pipeline';
import { createExportReader } from '../src/reading/export.reader.ts';
import { configuration, FakeMemory, idOf, INSTANCE } from './builders.ts';

const context = { signal: new AbortController().signal, log: createLog('test', 'silent') };
const HEAD = 'externalId,blackListEmail,blackListEmailLastModified';
const AT = '2026-11-24 09:00:00.000Z';
const rowOf = (number: number, out = 'true'): string => `${idOf(number)},${out},${AT}`;
const textOf = (...rows: string[]): string => `${[HEAD, ...rows].join('\n')}\n`;

/** Files in memory, a clock to turn, and what people were told. */
function folder(rowsMax = 100) {
  const files = new Map<string, { text: string; modifiedAtS: number }>();
  const told = new Map<ConditionType, string>();
  const clock = { ms: Date.parse('2026-11-24T10:00:00.000Z'), settled: true };
  const fileAt = (path: string) => {
    const found = files.get(path);
    if (found === undefined) throw new SftpRefused('a file', 'notFound');
    return { size: Buffer.byteLength(found.text), ...found };
  };
  const sftp: SftpClient = {
    list: async () =>
      [...files].map(([name, { text, modifiedAtS }]): SftpFile => {
        return { name, size: Buffer.byteLength(text), modifiedAtS };
      }),
    stat: async (path) => {
      const { size, modifiedAtS } = fileAt(path);
      return { size, modifiedAtS };
    },
    read: async (path, { from, until }) =>
      Readable.from([Buffer.from(fileAt(path).text).subarray(from, until)]),
    rename: async (from, to) => {
      files.set(to, fileAt(from));
      files.delete(from);
    },
    remove: async (path) => void files.delete(path),
    makeFolder: async () => undefined,
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const reader = createExportReader({
    instance: INSTANCE,
    columns: new Map([['denyListEmail', 'donotbulkemail']]),
    memory: new FakeMemory(),
    files: configuration({ export: { files: 'optout*', lateAfterHours: 24 } }).export,
    sftp,
    voice: {
      raise: (condition, message) => void told.set(condition, message),
      clear: (condition) => void told.delete(condition),
    },
    settledUntil: async () => clock.settled,
    rowsMax,
    now: () => new Date(clock.ms),
  });
  let cursor: ReadBatch['next'] | null = null;
  /** One look and all that it leads to. */
  const look = async (): Promise<string[]> => {
    clock.ms += 60_000;
    const keys: string[] = [];
    for (let more = true; more;) {
      const batch: ReadBatch = await reader.read(cursor, context);
      cursor = batch.next;
      keys.push(...batch.records.map(({ key }) => key));
      more = batch.more;
    }
    return keys;
  };
  const put = (name: string, text: string): void => {
    files.set(name, { text, modifiedAtS: Math.floor(clock.ms / 1_000) });
  };
  return { files, told, clock, look, put };
}

test('a file is read when a second look finds it as it was, and put away once it is settled', async () => {
  const { files, clock, look, put } = folder();
  put('optout_1.csv', textOf(rowOf(1), rowOf(2)));
  clock.settled = false;
  expect(await look()).toEqual([]);
  expect(await look()).toEqual([idOf(1), idOf(2)]);
  expect(await look()).toEqual([]);
  expect([...files.keys()]).toEqual(['optout_1.csv']);
  clock.settled = true;
  await look();
  expect([...files.keys()]).toEqual(['done/optout_1.csv']);
});

test('a file that grows between two looks waits for the next, and other files do not wait', async () => {
  const { look, put } = folder();
  put('optout_1.csv', textOf(rowOf(1)));
  await look();
  put('optout_1.csv', textOf(rowOf(1), rowOf(2)));
  put('optout_2.csv', textOf(rowOf(3)));
  expect(await look()).toEqual([]);
  expect(await look()).toEqual([idOf(1), idOf(2), idOf(3)]);
});

test('a large file is read piece by piece, each row once', async () => {
  const { look, put } = folder(3);
  const numbers = Array.from({ length: 10 }, (_, index) => index + 1);
  put('optout_1.csv', textOf(...numbers.map((number) => rowOf(number))));
  await look();
  expect(await look()).toEqual(numbers.map(idOf));
});

test('a last line without its end is waited for, but not for ever', async () => {
  const { clock, look, put } = folder();
  put('optout_1.csv', textOf(rowOf(1)).trimEnd());
  await look();
  expect(await look()).toEqual([]);
  clock.ms += 20 * 60_000;
  expect(await look()).toEqual([idOf(1)]);
});

test('unreadable rows are left out, and the rest of the file is read', async () => {
  const { look, put } = folder();
  put('optout_1.csv', textOf('only,two', rowOf(1), rowOf(2, 'perhaps'), rowOf(3)));
  await look();
  expect(await look()).toEqual([idOf(1), idOf(3)]);
});

test('no file for longer than a day is told, until one comes', async () => {
  const { told, clock, look, put } = folder();
  await look();
  clock.ms += 23 * 3_600_000;
  await look();
  expect(told.get('ExportLate')).toBeUndefined();
  clock.ms += 2 * 3_600_000;
  await look();
  expect(told.get('ExportLate')).toContain('24 h');
  put('optout_1.csv', textOf(rowOf(1)));
  await look();
  expect(await look()).toEqual([idOf(1)]);
  expect(told.get('ExportLate')).toBeUndefined();
});

test('a file without the mapped opt-outs is left where it is, and a person is told', async () => {
  const { told, look, put } = folder();
  put('optout_1.csv', `externalId,email\n${idOf(1)},x\n`);
  await look();
  expect(await look()).toEqual([]);
  expect(told.get('ExportUnreadable')).toContain('denyListEmail');
});
