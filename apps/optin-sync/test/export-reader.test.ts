import { expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import type { ConditionType, OptinConfiguration, QueuedRecord } from '@landbridge/contracts';
import { type SftpClient, type SftpFile, SftpRefused } from '@landbridge/sftp';
import { createLog } from '@landbridge/telemetry';
import type { ReadBatch, WriteOutcome } from '@landbridge/pipeline';
import { createExportReader } from '../src/reading/export.reader.ts';
import { hashOfReading } from '../src/reading/campaign-readings.ts';
import { readContactsAgain } from '../src/reading/read-contacts-again.ts';
import { remember } from '../src/writing/contact-memory.ts';
import { rejectUnreadableRows } from '../src/writing/reject-unreadable-rows.ts';
import { configuration, FakeMemory, idOf, INSTANCE } from './builders.ts';

const COLUMNS = new Map([['denyListEmail', 'donotbulkemail']] as const);

const context = { signal: new AbortController().signal, log: createLog('test', 'silent') };
const HEAD = 'externalId,blackListEmail,blackListEmailLastModified';
const AT = '2026-11-24 09:00:00.000Z';
const rowOf = (number: number, out = 'true'): string => `${idOf(number)},${out},${AT}`;
const textOf = (...rows: string[]): string => `${[HEAD, ...rows].join('\n')}\n`;

type Settings = OptinConfiguration['export'];
/** `oldestAt`: of what is queued. `publishing`: what is read is queued a moment later, and stays. */
type Clock = { ms: number; oldestAt: string | null; publishing: boolean };
type FolderOptions = { rowsMax?: number; files?: Partial<Settings> };

/** Files in memory, a clock to turn, and what people were told. */
function folder({ rowsMax = 100, files: settings }: FolderOptions = {}) {
  const memory = new FakeMemory();
  const files = new Map<string, { text: string; modifiedAtS: number }>();
  const told = new Map<ConditionType, string>();
  const clock: Clock = {
    ms: Date.parse('2026-11-24T10:00:00.000Z'),
    oldestAt: null,
    publishing: false,
  };
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
  const readerWith = (own: Partial<Settings>) =>
    createExportReader({
      instance: INSTANCE,
      columns: COLUMNS,
      memory,
      files: configuration({ export: { files: 'optout*', ...own } }).export,
      sftp,
      voice: {
        raise: (condition, message) => void told.set(condition, message),
        clear: (condition) => void told.delete(condition),
      },
      settledUntil: async (queuedAt) => clock.oldestAt === null || clock.oldestAt > queuedAt,
      rowsMax,
      now: () => new Date(clock.ms),
    });
  let reader = readerWith(settings ?? {});
  /** The run is started anew with other settings; what it told before is kept by nobody but its cursor. */
  const restart = (own: Partial<Settings>): void => {
    reader = readerWith(own);
  };
  const queued: QueuedRecord[] = [];
  let cursor: ReadBatch['next'] | null = null;
  /** One look and all that it leads to. */
  const look = async (): Promise<string[]> => {
    clock.ms += 60_000;
    const keys: string[] = [];
    for (let more = true; more;) {
      const batch: ReadBatch = await reader.read(cursor, context);
      cursor = batch.next;
      queued.push(...batch.records);
      if (clock.publishing && batch.records.length > 0) {
        clock.ms += 5;
        clock.oldestAt = new Date(clock.ms).toISOString();
        clock.ms += 5;
      }
      keys.push(...batch.records.map(({ key }) => key));
      more = batch.more;
    }
    return keys;
  };
  const put = (name: string, text: string): void => {
    files.set(name, { text, modifiedAtS: Math.floor(clock.ms / 1_000) });
  };
  return { files, memory, told, clock, queued, look, put, restart };
}

test('a file is read when a second look finds it as it was, and put away once it is settled', async () => {
  const { files, clock, look, put } = folder();
  put('optout_1.csv', textOf(rowOf(1), rowOf(2)));
  clock.oldestAt = '2026-11-24T09:00:00.000Z';
  expect(await look()).toEqual([]);
  expect(await look()).toEqual([idOf(1), idOf(2)]);
  expect(await look()).toEqual([]);
  expect([...files.keys()]).toEqual(['optout_1.csv']);
  clock.oldestAt = null;
  await look();
  expect([...files.keys()]).toEqual(['done/optout_1.csv']);
});

test('a file lies there until its own rows are settled, which are queued after it was read', async () => {
  const { files, clock, look, put } = folder();
  put('optout_1.csv', textOf(rowOf(1)));
  clock.publishing = true;
  await look();
  expect(await look()).toEqual([idOf(1)]);
  await look();
  expect([...files.keys()]).toEqual(['optout_1.csv']);
  clock.oldestAt = null;
  await look();
  expect([...files.keys()]).toEqual(['done/optout_1.csv']);
});

test('a file that was written anew before it was put away is read, not deleted', async () => {
  const { files, clock, look, put } = folder({ files: { afterwards: 'delete' } });
  put('optout_daily.csv', textOf(rowOf(1)));
  clock.oldestAt = '2026-11-24T09:00:00.000Z';
  await look();
  expect(await look()).toEqual([idOf(1)]);
  put('optout_daily.csv', textOf(rowOf(2), rowOf(3)));
  clock.oldestAt = null;
  await look();
  expect([...files.keys()]).toEqual(['optout_daily.csv']);
  expect(await look()).toEqual([idOf(2), idOf(3)]);
  await look();
  expect([...files.keys()]).toEqual([]);
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
  const { look, put } = folder({ rowsMax: 3 });
  const numbers = Array.from({ length: 10 }, (_, index) => index + 1);
  put('optout_1.csv', textOf(...numbers.map((number) => rowOf(number))));
  await look();
  expect(await look()).toEqual(numbers.map(idOf));
});

test('a last line without its end is waited for 15 minutes, and read at the look after', async () => {
  const { look, put } = folder();
  put('optout_1.csv', textOf(rowOf(1)).trimEnd());
  const minutes: string[][] = [];
  while (minutes.length < 16) minutes.push(await look());
  expect(minutes.flat()).toEqual([idOf(1)]);
  expect(minutes.at(-1)).toEqual([idOf(1)]);
});

test.each([
  ['a word that is neither yes nor no', rowOf(2, 'Oui')],
  ['a time that is none', `${idOf(2)},true,11/30/2026 14:20:00`],
])('whose row holds %s is looked at all the same, and a person is told', async (_, row) => {
  const { told, look, put } = folder();
  put('optout_1.csv', textOf(rowOf(1), row, rowOf(3)));
  await look();
  expect((await look()).toSorted()).toEqual([idOf(1), idOf(2), idOf(3)]);
  expect(told.get('ExportUnreadable')).toContain('row 2 of the file optout_1.csv');
});

test('a row whose key cannot be found becomes a letter that names its file and row', async () => {
  const { told, look, put, queued } = folder({ rowsMax: 2 });
  put('optout_1.csv', textOf('only,two', rowOf(1), rowOf(2), rowOf(3)));
  await look();
  expect(await look()).toEqual(['optout_1.csv:1', idOf(1), idOf(2), idOf(3)]);
  expect(told.get('ExportUnreadable')).toContain('row 1 of the file optout_1.csv');
  const [row] = queued;
  const written = async (): Promise<WriteOutcome> => ({ kind: 'written', calls: 1 });
  const write = rejectUnreadableRows(written);
  const at = { signal: context.signal, attempt: 1 };
  expect(await write(row!, at)).toMatchObject({
    kind: 'rejected',
    reason: {
      code: 'rowUnreadable',
      message: expect.stringContaining('row 1 of the file optout_1.csv'),
    },
  });
  const again = await readContactsAgain([row!.key, idOf(1)], INSTANCE);
  expect(await write(again.records[0]!, at)).toMatchObject({ kind: 'rejected' });
  expect(await write(again.records[1]!, at)).toEqual({ kind: 'written', calls: 1 });
});

test('who is told twice is looked at, whichever row comes last', async () => {
  const { look, put, memory } = folder();
  const changedAt = '2026-11-20T08:00:00.000Z';
  const attributes = { denyListEmail: { value: false, changedAt } };
  const seen = [hashOfReading({ attributes }, COLUMNS)];
  const known = { schemaVersion: 1, seen, settled: {}, own: null, begun: null } as const;
  for (const number of [1, 2]) await remember(memory, idOf(number), known);
  const old = (number: number) => `${idOf(number)},false,2026-11-20 08:00:00.000Z`;
  put('optout_1.csv', textOf(rowOf(1), old(1), rowOf(2, 'maybe'), old(2)));
  await look();
  expect((await look()).toSorted()).toEqual([idOf(1), idOf(2)]);
});

test('a file that can be read in full ends what was told of an earlier one', async () => {
  const { told, look, put } = folder();
  put('optout_1.csv', textOf(rowOf(1, 'maybe')));
  await look();
  await look();
  expect(told.has('ExportUnreadable')).toBe(true);
  put('optout_2.csv', textOf(rowOf(2)));
  await look();
  await look();
  expect(told.has('ExportUnreadable')).toBe(false);
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

test('a file that was left where it is is read once its headings are named', async () => {
  const { told, look, put, restart } = folder();
  put('optout_1.csv', `Kunde;Keine Mail\n${idOf(1)};true\n`);
  await look();
  expect(await look()).toEqual([]);
  restart({ keyColumn: 'Kunde', columns: { denyListEmail: 'Keine Mail' } });
  expect(await look()).toEqual([idOf(1)]);
  expect(told.has('ExportUnreadable')).toBe(false);
});

test('a file of no use is told for as long as it lies there, whatever else is read', async () => {
  const { files, told, look, put, restart } = folder();
  put('optout_1.csv', `externalId,email\n${idOf(1)},x\n`);
  await look();
  await look();
  put('optout_2.csv', textOf(rowOf(2)));
  await look();
  expect(await look()).toEqual([idOf(2)]);
  expect(told.get('ExportUnreadable')).toContain('optout_1.csv');
  told.clear();
  restart({});
  await look();
  expect(told.get('ExportUnreadable')).toContain('optout_1.csv');
  files.delete('optout_1.csv');
  await look();
  expect(told.has('ExportUnreadable')).toBe(false);
});

test('a file that has an opt-out twice is left where it is, and the heading is named', async () => {
  const { told, look, put } = folder();
  put('optout_1.csv', `${HEAD},blackListEmail\n${rowOf(1)},false\n`);
  await look();
  expect(await look()).toEqual([]);
  expect(told.get('ExportUnreadable')).toContain('"blackListEmail" more than once');
});

test('a contactid in braces or capitals is one', async () => {
  const { look, put } = folder();
  const id = 'ABCDEF00-0000-4000-8000-00000000000';
  put('optout_1.csv', textOf(`{${id}1},true,${AT}`, `${id}2,true,${AT}`));
  await look();
  expect(await look()).toEqual([`${id}1`.toLowerCase(), `${id}2`.toLowerCase()]);
});
