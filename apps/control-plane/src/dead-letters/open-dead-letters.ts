import type { DeadLetterSummary, DeadLetterView } from '@landbridge/contracts';
import type { EventLog } from '@landbridge/event-log';
import { z } from 'zod';
import type { DeadLetterFilter, Page, PageRequest, WorkflowKey } from '../control-plane.ts';
import { InvalidCursor } from '../errors.ts';
import { deadLettersStream } from '../projections/stream-ids.ts';

const Row = z.object({
  id: z.string(),
  table_name: z.string(),
  key: z.string(),
  reason_code: z.string(),
  reason_message: z.string(),
  attempts: z.int(),
  since: z.date(),
  stored: z.bigint(),
  superseded: z.array(z.string()),
});

/** One that is open, with the earlier letters of its record. */
export type OpenDeadLetter = DeadLetterView & { superseded: string[] };

const CHOSEN = `stream_id = $1 and ($2::text is null or table_name = $2)
  and ($3::text is null or reason_code = $3) and ($4::text is null or key = $4)`;

const chosenBy = (workflow: WorkflowKey, { table, code, key }: DeadLetterFilter) => [
  deadLettersStream(workflow),
  table ?? null,
  code ?? null,
  key ?? null,
];

/** Newest first. */
export async function readDeadLetters(
  log: EventLog,
  workflow: WorkflowKey,
  { cursor, limit, ...filter }: PageRequest & DeadLetterFilter,
): Promise<Page<OpenDeadLetter>> {
  if (cursor !== null && !/^\d{1,18}$/.test(cursor)) throw new InvalidCursor(cursor);
  const rows = await log.query(
    `select * from dead_letters where ${CHOSEN} and ($5::bigint is null or stored < $5)
     order by stored desc limit $6`,
    [...chosenBy(workflow, filter), cursor, limit + 1],
  );
  const page = rows.slice(0, limit).map((row) => Row.parse(row));
  const last = page.at(-1);
  return {
    items: page.map(toLetter),
    next: rows.length > limit && last !== undefined ? String(last.stored) : null,
  };
}

const Group = z.object({
  table_name: z.string(),
  reason_code: z.string(),
  count: z.coerce.number<string | bigint | number>().int(),
  oldest: z.date(),
});

/** How many there are by table and reason, most first. */
export async function summarizeDeadLetters(
  log: EventLog,
  workflow: WorkflowKey,
): Promise<DeadLetterSummary> {
  const rows = await log.query(
    `select table_name, reason_code, count(*) as count, min(since) as oldest from dead_letters
     where stream_id = $1 group by table_name, reason_code order by 3 desc, 1, 2`,
    [deadLettersStream(workflow)],
  );
  const groups = rows.map((row) => {
    const { table_name: table, reason_code: code, count, oldest } = Group.parse(row);
    return { table, code, count, oldest: oldest.toISOString() };
  });
  return { total: groups.reduce((sum, { count }) => sum + count, 0), groups };
}

/** `dealt`: a person retried or discarded it before; null: there was never one of this id. */
export async function findDeadLetter(
  log: EventLog,
  workflow: WorkflowKey,
  id: string,
): Promise<OpenDeadLetter | 'retried' | 'discarded' | null> {
  const stream = deadLettersStream(workflow);
  const [open] = await log.query('select * from dead_letters where stream_id = $1 and id = $2', [
    stream,
    id,
  ]);
  if (open !== undefined) return toLetter(Row.parse(open));
  const [dealt] = await log.query(
    'select kind from dead_letters_dealt where stream_id = $1 and id = $2',
    [stream, id],
  );
  return dealt === undefined ? null : z.enum(['retried', 'discarded']).parse(dealt['kind']);
}

const toLetter = (row: z.infer<typeof Row>): OpenDeadLetter => ({
  id: row.id,
  table: row.table_name,
  key: row.key,
  reason: { code: row.reason_code, message: row.reason_message },
  attempts: row.attempts,
  since: row.since.toISOString(),
  superseded: row.superseded,
});
