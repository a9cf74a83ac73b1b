import type { EventLog, RecordedEvent, Transaction } from '@landbridge/event-log';

/** A projection whose volume demands tables: what is in them is a fold over the log, nothing else. */
export interface TableProjection {
  name: string;
  /** Every table that it writes. */
  tables: readonly string[];
  apply: (tx: Transaction, events: RecordedEvent[]) => Promise<void>;
}

const PAGE = 500;

/**
 * Folds the log anew from the beginning up to where the projection is, in one transaction: until
 * it is done everybody reads the old answers, and the projection goes on from where it was.
 */
export async function rebuild(log: EventLog, projection: TableProjection): Promise<void> {
  const { name, tables, apply } = projection;
  await log.transaction(async (tx) => {
    // In this order, or the batch that is on its way and this would wait for each other.
    for (const table of tables) await tx.query(`lock table ${table} in share row exclusive mode`);
    const checkpoint = 'select position from checkpoints where name = $1 for update';
    const [row] = await tx.query<{ position: bigint }>(checkpoint, [name]);
    const to = row?.position ?? 0n;
    for (const table of tables) await tx.query(`delete from ${table}`);
    for (let after = 0n; after < to;) {
      const page = await log.readAll({ after, limit: PAGE });
      const last = page.at(-1);
      if (last === undefined) return;
      await apply(
        tx,
        page.filter(({ position }) => position <= to),
      );
      after = last.position;
    }
  });
}
