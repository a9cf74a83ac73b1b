import { expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { EgressConfiguration, InstanceId, type QueuedRecord } from '@landbridge/contracts';
import type { ReadBatch } from '@landbridge/pipeline';
import { type SftpClient, SftpRefused } from '@landbridge/sftp';
import { createLog } from '@landbridge/telemetry';
import { readAgain } from '../src/events/read-again.ts';
import { createFilesReader } from '../src/reading/files.reader.ts';

const INSTANCE = InstanceId.parse('story');
const ID = '00000000-0000-4000-8000-000000000001';
const context = { signal: new AbortController().signal, log: createLog('test', 'silent') };
type Settings = Partial<EgressConfiguration['files']>;

/** Files in memory, and a clock that goes on with each look. */
function folder() {
  const files = new Map<string, { content: Buffer; modifiedAtS: number }>();
  const clock = { ms: Date.parse('2026-11-24T10:00:00.000Z') };
  const fileAt = (name: string) => {
    const found = files.get(name);
    if (found === undefined) throw new SftpRefused('a file', 'notFound');
    return { name, size: found.content.length, ...found };
  };
  const client: SftpClient = {
    list: async () => [...files.keys()].map(fileAt),
    stat: async (path) => fileAt(path),
    read: async (path, { from, until }) =>
      Readable.from([fileAt(path).content.subarray(from, until)]),
    rename: async (from) => void files.delete(from),
    remove: async (path) => void files.delete(path),
    makeFolder: async () => undefined,
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const configured = (settings: Settings) => {
    const events = { send: true, open: true, click: true, bounce: true };
    const configuration = EgressConfiguration.parse({ events, source: 'files', files: settings });
    const now = () => new Date(clock.ms);
    const reader = createFilesReader({ instance: INSTANCE, client, configuration, now });
    return { configuration, reader };
  };
  let run = configured({});
  let cursor: ReadBatch['next'] | null = null;
  const look = async (): Promise<QueuedRecord[]> => {
    clock.ms += 60_000;
    const records: QueuedRecord[] = [];
    for (let more = true; more;) {
      const batch: ReadBatch = await run.reader.read(cursor, context);
      cursor = batch.next;
      records.push(...batch.records);
      more = batch.more;
    }
    return records;
  };
  return {
    files,
    look,
    put: (name: string, content: string | Buffer) =>
      files.set(name, {
        content: Buffer.from(content),
        modifiedAtS: Math.floor(clock.ms / 1_000),
      }),
    restart: (settings: Settings) => {
      run = configured(settings);
    },
    /** What the writer says of it. */
    letter: (record: QueuedRecord) => readAgain(record, run.configuration),
  };
}

const ROW = `1,${ID},2026-11-24T09:00:00Z,1,77\n`;

test('a file that has a needed heading twice becomes a letter that names it, and no event is lost', async () => {
  const { files, look, put, restart, letter } = folder();
  put('deliverylog_1.csv', `id,externalId,eventDate,status,id\n${ROW}`);
  await look();
  const [file, ...others] = await look();
  expect(others).toEqual([]);
  expect(letter(file!)).toMatchObject({
    outcome: 'rejected',
    rejection: { code: 'fileUnreadable', message: expect.stringContaining('"id" more than once') },
  });
  expect(files.has('deliverylog_1.csv')).toBe(true);
  put('deliverylog_1.csv', `id,externalId,eventDate,status,note\n${ROW}`);
  await look();
  expect((await look()).map(({ table }) => table)).toEqual(['send']);
  put('deliverylog_2.csv', `nr,externalId,eventDate,status,id,id\n${ROW.replace('77', '7,8')}`);
  await look();
  await look();
  restart({ deliveryColumns: { id: 'nr' } });
  expect((await look()).map(({ table }) => table)).toEqual(['send']);
});

test('a heading that is there twice and of no use does no harm', async () => {
  const { look, put } = folder();
  put('deliverylog_1.csv', `id,externalId,eventDate,status,note,note\n${ROW.trim()},x\n`);
  await look();
  expect((await look()).map(({ table }) => table)).toEqual(['send']);
});
