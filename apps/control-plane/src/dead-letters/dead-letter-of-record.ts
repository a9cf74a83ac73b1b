import type { DeadLetterView } from '@landbridge/contracts';
import type { EventLog } from '@landbridge/event-log';
import { z } from 'zod';
import type { WorkflowKey } from '../control-plane.ts';
import { deadLettersStream } from '../projections/stream-ids.ts';

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
