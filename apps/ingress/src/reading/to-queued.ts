import type { InstanceId, QueuedRecord, TableName } from '@landbridge/contracts';
import type { DynamicsRow } from '@landbridge/dynamics';

/** Which table of which instance a record belongs to. */
export type RecordSource = { instance: InstanceId; table: TableName };

/** A row as it was read. A read that only heals tells no change, so its lag is nobody's delay. */
export function upsertOf(
  source: RecordSource,
  row: DynamicsRow,
  read: { origin: 'load' | 'change'; healing: boolean; replay?: boolean },
): QueuedRecord {
  return {
    ...head(source, row.id, read.origin),
    change: 'upsert',
    version: row.version,
    modifiedOn: read.healing ? null : row.modifiedOn,
    columns: row.columns,
    ...(read.replay === true ? { replay: true } : {}),
    ...(row.lookupTables === undefined ? {} : { lookupTables: row.lookupTables }),
  };
}

/** Whether the record tells no change: it was read again on purpose, or to heal. */
export const isAskedFor = ({ origin, modifiedOn }: QueuedRecord): boolean =>
  origin === 'change' && modifiedOn === null;

export function deleteOf(source: RecordSource, id: string): QueuedRecord {
  return {
    ...head(source, id, 'change'),
    change: 'delete',
    version: null,
    modifiedOn: null,
    columns: {},
  };
}

function head({ instance, table }: RecordSource, key: string, origin: 'load' | 'change') {
  const readAt = new Date().toISOString();
  return { schemaVersion: 1, instance, table, key, origin, readAt } as const;
}
