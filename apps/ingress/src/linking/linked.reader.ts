import type { TableName } from '@landbridge/contracts';
import { type Bus, readCursor, type WorkflowAddress } from '@landbridge/messaging';
import type { Reader } from '@landbridge/pipeline';
import { parseCursor } from '../reading/table-cursor.ts';
import type { LinkSweep } from './sweep.ts';

/**
 * A table's reader whose first read waits until those of its parents were read, so that in a first
 * load nearly nothing waits in the writers; and which sweeps the links to its own records.
 */
export function createLinkedReader(
  reader: Reader,
  { areParentsRead, sweep }: { areParentsRead: () => Promise<boolean>; sweep: LinkSweep | null },
): Reader {
  return {
    ...reader,
    mayBegin: areParentsRead,
    read: async (cursor, context) => {
      const isRead = cursor !== null && parseCursor(cursor)?.phase === 'changes';
      try {
        await sweep?.run(isRead, context.signal);
      } catch (err) {
        context.signal.throwIfAborted();
        context.log.warn({ err, table: reader.table }, 'links are swept again later');
      }
      return reader.read(cursor, context);
    },
  };
}

/** Whether the first load of each table has been read; there are no circles, so one always is first. */
export function areRead(bus: Bus, at: WorkflowAddress, tables: readonly TableName[]) {
  return async (): Promise<boolean> => {
    for (const table of tables) {
      const { cursor } = await readCursor(bus, { ...at, table });
      if (cursor === null || parseCursor(cursor)?.phase !== 'changes') return false;
    }
    return true;
  };
}
