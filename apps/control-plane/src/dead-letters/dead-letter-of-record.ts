import type { DeadLetterView, Timestamp } from '@landbridge/contracts';
import type { EventLog } from '@landbridge/event-log';
import { z } from 'zod';
import type { WorkflowKey } from '../control-plane.ts';
import { deadLettersStream } from '../projections/stream-ids.ts';
import { dealtEventId } from './dealings.ts';

const Row = z.object({
  id: z.string(),
  reason_code: z.string(),
  reason_message: z.string(),
  attempts: z.int(),
  since: z.date(),
});

/** The newest dead letter of one record that nobody has dealt with; null: there is none. */
export async function deadLetterOf(
  log: EventLog,
  workflow: WorkflowKey,
  { table, key }: { table: string; key: string },
): Promise<DeadLetterView | null> {
  const [found] = await log.query(
    `select id, reason_code, reason_message, attempts, since from dead_letters
     where stream_id = $1 and table_name = $2 and key = $3
     order by stored desc limit 1`,
    [deadLettersStream(workflow), table, key],
  );
  if (found === undefined) return null;
  const row = Row.parse(found);
  return {
    id: row.id,
    table,
    key,
    reason: { code: row.reason_code, message: row.reason_message },
    attempts: row.attempts,
    since: row.since.toISOString(),
  };
}

const Dealt = z.object({ id: z.string(), kind: z.string() });

/** Who discarded the newest dead letter of one record, and when; null: nobody did. */
export async function discardOf(
  log: EventLog,
  workflow: WorkflowKey,
  { table, key }: { table: string; key: string },
): Promise<{ deadLetterId: string; at: Timestamp; by: string } | null> {
  const stream = deadLettersStream(workflow);
  const [found] = await log.query(
    `select id, kind from dead_letters_dealt
     where stream_id = $1 and table_name = $2 and key = $3
     order by dealt desc limit 1`,
    [stream, table, key],
  );
  if (found === undefined) return null;
  const { id, kind } = Dealt.parse(found);
  const event = kind === 'discarded' ? await log.findEvent(dealtEventId(stream, id)) : null;
  if (event === null) return null;
  const { recordedAt, metadata } = event;
  return { deadLetterId: id, at: recordedAt.toISOString(), by: metadata.actor.name };
}
