import type { EventLog } from '@landbridge/event-log';
import { z } from 'zod';

const Row = z.object({ count: z.coerce.number<string | bigint | number>().int() });

/** How many letters of a stream one command has had retried, also where it was killed in between. */
export async function countRetriedBy(
  log: EventLog,
  { streamId, commandId }: { streamId: string; commandId: string },
): Promise<number> {
  const [row] = await log.query(
    `select count(*) as count from events
     where stream_id = $1 and type = 'DeadLetterRetried' and metadata ->> 'causationId' = $2`,
    [streamId, commandId],
  );
  return Row.parse(row).count;
}
