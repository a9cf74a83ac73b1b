import type { QueuedRecord } from '@landbridge/contracts';
import type { TableLinking } from '../src/linking/table-linking.ts';
import { createRecordWriter, type TableWriting } from '../src/writing/record.writer.ts';
import { idOf, mapping, record, writingAt } from './builders.ts';
import { FakeEdges } from './fake-edges.ts';
import { FakeMemory } from './fake-memory.ts';
import { linkedMetadata } from './linked-metadata.ts';

export const ACCOUNT = idOf(9);
export const LANDED = { hash: 'hash.', version: '1' };

/** A writer of contacts that refer to accounts. */
export async function start() {
  const accounts = new FakeMemory();
  const edges = new FakeEdges();
  /** Accounts that Campaign shows. */
  const inCampaign = new Set([ACCOUNT]);
  const asked: string[] = [];
  const released: string[] = [];
  const linking: TableLinking = {
    isTarget: false,
    nestedIn: new Set(),
    parents: new Map([['account', accounts]]),
    edges,
    readAgain: async ({ table, key }) => void asked.push(`${table} ${key}`),
    rewrite: async ({ table, key }) => void asked.push(`${table} ${key} anew`),
    lookUp: ({ key }) => ({ exists: async () => inCampaign.has(key), calls: 1 }),
    release: async ({ key }, letters) => void released.push([key, ...letters].join(' ')),
  };
  const over: Partial<TableWriting> = {
    mapping: mapping({
      fields: [{ dynamics: 'name', campaign: 'name', applyUpdates: true }],
      links: [{ dynamics: 'parent', campaign: 'parent', to: 'account', by: 'column' }],
    }),
    schema: {
      metadata: linkedMetadata('contact', 'account', 'profile'),
      recheck: async () => null,
      noteWritten: () => undefined,
    },
    linking,
  };
  const { campaign, memory, writing } = await writingAt(over);
  const write = (queued: QueuedRecord, attempt = 1) =>
    createRecordWriter(new Map([['contact', writing]]))(queued, {
      attempt,
      signal: new AbortController().signal,
      deadLetterId: `letter-${queued.version}`,
    });
  return { accounts, inCampaign, edges, asked, released, linking, campaign, memory, write };
}

export const ada = (version: string, parent: string | null = ACCOUNT) =>
  record({ version, columns: { contactid: idOf(1), name: `Ada ${version}`, parent } });
export const WAITING = { kind: 'skipped', reason: 'waitingForParent' };
