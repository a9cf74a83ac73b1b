import { setTimeout as sleep } from 'node:timers/promises';
import type { RunFailure, TableName } from '@landbridge/contracts';
import {
  type Bus,
  requestRetry,
  type TableAddress,
  type WrittenMemory,
} from '@landbridge/messaging';
import type { Log } from '@landbridge/telemetry';
import { staleEntry } from '../writing/remembered.ts';
import type { TableSchema } from './table-schema.ts';

/** What the watch needs of one mapped table. */
export type WatchedTable = {
  at: TableAddress;
  schema: TableSchema;
  memory: Pick<WrittenMemory, 'get' | 'put'>;
};

/**
 * Looks at the schema of every mapped table again and again, until `signal` aborts. A fault is told
 * with the column's or attribute's name; a look that fails tells nothing.
 */
export async function watchSchemas(
  tables: ReadonlyMap<TableName, WatchedTable>,
  options: { everyMs: number; log: Log; onFault: (failure: RunFailure) => void },
  signal: AbortSignal,
): Promise<void> {
  const passed = () => sleep(options.everyMs, true, { signal }).catch(() => false);
  while (await passed()) {
    for (const { schema } of tables.values()) {
      try {
        const failure = await schema.recheck();
        if (failure !== null) options.onFault(failure);
      } catch (err) {
        options.log.debug({ err }, 'the schema cannot be looked at now; looking again later');
      }
    }
  }
}

const AT_ONCE = 64;

/**
 * An attribute was found gone or changed, and Campaign may have taken writes without it before that
 * was noticed. Those records are marked as to be written again, and read again at the next start.
 */
export async function writeSuspectsAgain(
  { at, schema, memory }: WatchedTable,
  failure: RunFailure,
  bus: Bus,
): Promise<number> {
  if (failure.system !== 'campaign') return 0;
  const onInsertOnly = schema.mapping.fields.some(
    ({ campaign, applyUpdates }) =>
      !applyUpdates && failure.field === `${schema.mapping.campaignResource}.${campaign}`,
  );
  const keys = schema.takeSuspects();
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const some = keys.slice(start, start + AT_ONCE);
    await Promise.all(
      some.map(async (key) => {
        const entry = await memory.get(key);
        if (entry !== null) await memory.put(key, staleEntry(entry, onInsertOnly));
        await requestRetry(bus, at, { key, deadLetterId: null });
      }),
    );
  }
  return keys.length;
}
