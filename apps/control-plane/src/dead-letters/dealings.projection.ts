import type { EventLog, RecordedEvent, Transaction } from '@landbridge/event-log';
import { z } from 'zod';
import type { WorkflowKey } from '../control-plane.ts';
import { readLogged } from '../projections/logged.ts';
import { deadLettersStream, STREAM_PREFIX } from '../projections/stream-ids.ts';
import type { TableProjection } from '../projections/table-projection.ts';
import { DeadLetterEvent, Dealing } from './dead-letter.events.ts';

/**
 * What people did about dead letters, one row for each command: a retry of ten thousand letters is
 * one deed. It stands where its first letter was dealt with, so that pages do not shift while it
 * is on. An instance that is removed takes no history along.
 */
export const dealingsProjection: TableProjection = {
  name: 'dead-letter-dealings',
  tables: ['dead_letter_dealings'],
  apply: async (tx, events) => {
    for (const recorded of events) {
      if (!recorded.streamId.startsWith(STREAM_PREFIX.deadLetters)) continue;
      const { event } = readLogged(DeadLetterEvent, recorded);
      switch (event.type) {
        case 'DeadLetterRetried':
        case 'DeadLetterDiscarded':
          await count(tx, recorded, event);
          break;
        case 'DeadLetterStored':
        case 'DeadLetterReleased':
        case 'RetryAllAnswered':
          break;
      }
    }
  },
};

/** The command is known by its key where it had one, else by its request. */
async function count(tx: Transaction, recorded: RecordedEvent, { table }: Dealing): Promise<void> {
  const { streamId, streamVersion, position, recordedAt, type, data, metadata } = recorded;
  const commandId = metadata.causationId ?? metadata.correlationId;
  await tx.query(
    `insert into dead_letter_dealings as dealing (stream_id, command_id, type, version, position,
       at, by_name, table_name, data, count)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)
     on conflict (stream_id, command_id, type) do update set
       count = dealing.count + 1,
       table_name = case when dealing.table_name = excluded.table_name then dealing.table_name end`,
    [
      ...[streamId, commandId, type, streamVersion, position, recordedAt, metadata.actor.name],
      ...[table, JSON.stringify(data)],
    ],
  );
}

const Row = z.object({
  version: z.int(),
  position: z.bigint(),
  at: z.date(),
  by_name: z.string(),
  type: z.string(),
  table_name: z.string().nullable(),
  data: z.record(z.string(), z.json()),
  count: z.int(),
});

/** What one command did. `event`: about its first letter; `table` null: they were of several. */
export interface Dealt {
  version: number;
  position: bigint;
  at: Date;
  by: string;
  event: Dealing;
  table: string | null;
  count: number;
}

/** The newest first. `toVersion`: of the stream, the highest to be read. */
export async function readDealings(
  log: EventLog,
  key: WorkflowKey,
  { toVersion, limit }: { toVersion: number | null; limit: number },
): Promise<Dealt[]> {
  const rows = await log.query(
    `select version, position, at, by_name, type, table_name, data, count
     from dead_letter_dealings
     where stream_id = $1 and ($2::integer is null or version <= $2)
     order by version desc limit $3`,
    [deadLettersStream(key), toVersion, limit],
  );
  return rows.map((row) => {
    const { by_name: by, table_name: table, type, data, ...rest } = Row.parse(row);
    return { ...rest, by, table, event: Dealing.parse({ ...data, type }) };
  });
}
