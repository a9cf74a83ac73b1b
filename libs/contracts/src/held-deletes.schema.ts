import { z } from 'zod';
import { TableName, Timestamp } from './ids.schema.ts';

/** The deletes of a table that wait for a person, because they are too many at once. */
export const HeldDeletesView = z
  .object({
    table: TableName,
    count: z.int().nonnegative(),
    /** Since when deletes of the table wait; null: they go through. */
    since: Timestamp.nullable(),
    /** The first that waited. */
    sample: z.array(
      z.object({
        key: z.string(),
        /** Gone in Dynamics 365, or there and no longer passing the filter. */
        cause: z.enum(['deleted', 'filteredOut']),
        since: Timestamp,
      }),
    ),
    /** A person's decision that is being carried out; null: none. */
    decision: z.enum(['approve', 'discard']).nullable(),
  })
  .meta({ id: 'HeldDeletes' });
export type HeldDeletesView = z.infer<typeof HeldDeletesView>;

/** Why, in the words of the one who decides; kept in the history. */
export const HeldDeletesBody = z
  .strictObject({ note: z.string().trim().min(1).max(500).optional() })
  .meta({ id: 'HeldDeletesBody' });
export type HeldDeletesBody = z.infer<typeof HeldDeletesBody>;
