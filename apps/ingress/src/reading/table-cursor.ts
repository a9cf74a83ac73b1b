import { Timestamp } from '@landbridge/contracts';
import type { Cursor } from '@landbridge/messaging';
import { z } from 'zod';

/** A walk over what was written, to find what was deleted at the source without anyone noticing. */
export const Sweep = z.object({
  startedAt: Timestamp,
  /** Position in the written memory; entries up to it were looked at. */
  afterSequence: z.int().nonnegative(),
  /** Where the walk ends; null: something that was queued before it is not remembered yet. */
  endSequence: z.int().nonnegative().nullable().default(null),
  checkedCount: z.int().nonnegative(),
  missingCount: z.int().nonnegative(),
  /** After a load or a replay: what a person wanted to keep in Campaign is asked of again. */
  replayed: z.boolean().default(false),
});
export type Sweep = z.infer<typeof Sweep>;

/** How far the records that a person chose were read. */
export const SelectionRead = z.object({
  id: z.uuid(),
  /** The columns that its pages are read with; with others it is begun again. */
  columns: z.array(z.string()),
  link: z.string().nullable(),
  done: z.boolean(),
});
export type SelectionRead = z.infer<typeof SelectionRead>;

const common = {
  schemaVersion: z.literal(1),
  /** What is read and of which types; another shape makes the cursor worthless. */
  shape: z.string(),
  columns: z.array(z.string()),
  /** Where records go, and by which key; left out in cursors that were saved before it was kept. */
  target: z.string().optional(),
  /** The last replay that was begun; null: none. */
  replayId: z.uuid().nullable().default(null),
};

const fullRead = {
  ...common,
  /** `load`: every value is written. `change`: the read only heals, and overwrites nothing else. */
  origin: z.enum(['load', 'change']),
  startedAt: Timestamp,
  /** The highest row version on the first page: what is newer changed after the read began. */
  versionAtStart: z.string(),
  readCount: z.int().nonnegative(),
  totalCount: z.int().nonnegative().nullable(),
  /** Look for deletions afterwards. */
  sweepAfter: z.boolean(),
  /** Write each record, also where its values are known to be there. */
  replay: z.boolean().default(false),
};

/** Where the reading of one table is. Links are Dataverse's and opaque. */
export const TableCursor = z.discriminatedUnion('phase', [
  z.object({ ...fullRead, phase: z.literal('load'), link: z.string() }),
  z.object({
    ...fullRead,
    phase: z.literal('overlap'),
    link: z.string().nullable(),
    deltaLink: z.string(),
  }),
  z.object({
    ...common,
    phase: z.literal('changes'),
    link: z.string(),
    takenAt: Timestamp,
    readCount: z.int().nonnegative(),
    sweep: Sweep.nullable(),
    selection: SelectionRead.nullable().default(null),
  }),
]);
export type TableCursor = z.infer<typeof TableCursor>;
export type CursorAt<Phase extends TableCursor['phase']> = Extract<TableCursor, { phase: Phase }>;

/** null: not a cursor of this version. */
export function parseCursor(cursor: Cursor): TableCursor | null {
  const parsed = TableCursor.safeParse(cursor);
  return parsed.success ? parsed.data : null;
}
