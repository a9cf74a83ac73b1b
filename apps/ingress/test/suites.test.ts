import { CampaignRequestError } from '@landbridge/campaign';
import type { QueuedRecord } from '@landbridge/contracts';
import type { Cursor } from '@landbridge/messaging';
import { readerSuite, writerSuite } from '@landbridge/testing/suites';
import { createLog } from '@landbridge/telemetry';
import { createTableReader } from '../src/reading/table.reader.ts';
import { createRecordWriter } from '../src/writing/record.writer.ts';
import { idOf, instance, mapping, metadata, OPEN_GUARD, record, writingAt } from './builders.ts';
import { FakeDynamics } from './fake-dynamics.ts';
import { noSelections } from './fake-selections.ts';
import { FakeMemory } from './fake-memory.ts';

readerSuite<Cursor>('the reader of a Dynamics table', () => {
  const dynamics = new FakeDynamics();
  const memory = new FakeMemory();
  const context = { signal: new AbortController().signal, log: createLog('test', 'silent') };
  const readPage = dynamics.readPage;
  let failures = 0;
  dynamics.readPage = async (request) => {
    if (failures === 0) return readPage(request);
    failures -= 1;
    throw new Error('Dataverse is busy');
  };
  const reader = createTableReader(
    {
      instance,
      mapping: mapping(),
      client: dynamics,
      metadata: () => metadata,
      memory,
      deletes: OPEN_GUARD,
      settledSince: async () => true,
      pageRowsMax: 10,
      replayId: null,
      selections: noSelections,
    },
    (read) => read(),
  );
  let made = 0;
  return {
    read: (cursor) => reader.read(cursor, context),
    apply: async (records) => {
      for (const { key, change } of records) {
        await memory.put(key, { hash: change === 'delete' ? null : 'hash', version: '1' });
      }
    },
    source: {
      keys: () => [...dynamics.rows.keys()],
      create: (count) =>
        Array.from({ length: count }, () => {
          made += 1;
          dynamics.put(idOf(made), { firstname: `F${made}`, jobtitle: null });
          return idOf(made);
        }),
      change: (key) => dynamics.put(key, { firstname: 'Changed', jobtitle: null }),
      remove: (key) => dynamics.remove(key),
      expireCursors: () => dynamics.expireLinks(),
      failOnce: () => {
        failures += 1;
      },
    },
  };
});

writerSuite<QueuedRecord>('the writer of a Campaign resource', async () => {
  const { campaign, writing } = await writingAt();
  const write = createRecordWriter(new Map([['contact', writing]]));
  const signal = new AbortController().signal;
  const refusedOnce = (status: number, kind: 'throttled' | 'transient', retryAfterMs: number) => {
    const line = { method: 'POST', path: '/profile' };
    const head = { status, code: '', kind, field: null, retryAfterMs, requestId: null };
    campaign.faults.push(new CampaignRequestError(line, { ...head, vendorText: '' }));
  };
  const queued = (key: number, version: number, firstname: string) =>
    record({
      key: idOf(key),
      version: String(version),
      columns: { contactid: idOf(key), firstname, jobtitle: null },
    });
  return {
    write: (message, attempt) => write(message, { attempt, signal }),
    record: queued,
    poison: (key) => queued(key, 1, 'x'.repeat(45)),
    destination: {
      contents: () =>
        campaign.records.map(({ externalId, firstName }) => ({
          key: Number(String(externalId).slice(-12)),
          text: String(firstName),
        })),
      loseNextReply: () => void campaign.faults.push('lost reply'),
      throttleOnce: (retryAfterMs) => refusedOnce(429, 'throttled', retryAfterMs),
      failOnce: () => refusedOnce(503, 'transient', 0),
    },
  };
});
