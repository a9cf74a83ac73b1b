import type { TableState } from './database.ts';
import type { Environment } from './environment.ts';

/** The messages that not every table has. */
export const MULTIPLE = ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'];

/** Whether CreateMultiple and its siblings serve the table, as the switches have it. */
export function servesMultiple(env: Environment, { table }: TableState): boolean {
  return table.multiple && (!table.isActivity || env.switches.createMultipleOnActivities);
}

/** Brings the rows of `sdkmessagefilters`, which clients ask, into line with what is served. */
export function offerMultiple(env: Environment): void {
  const { db } = env;
  const messages = db.get('sdkmessage');
  const filters = db.get('sdkmessagefilter');
  for (const ordinal of messages.rows.ordinals()) {
    if (!MULTIPLE.includes(String(db.cell(messages, ordinal, 'name')))) continue;
    const message = `sdkmessage:${messages.rows.idOf(ordinal)}`;
    const offered = new Map<string, number>();
    for (const filter of filters.rows.ordinals()) {
      if (db.cell(filters, filter, 'sdkmessageid') === message) {
        offered.set(String(db.cell(filters, filter, 'primaryobjecttypecode')), filter);
      }
    }
    for (const state of db.tables()) {
      const name = state.table.logicalName;
      const filter = offered.get(name);
      const isServed = servesMultiple(env, state);
      if (isServed && filter === undefined) {
        db.create(filters, null, { primaryobjecttypecode: name, sdkmessageid: message });
      } else if (!isServed && filter !== undefined) db.remove(filters, filter);
    }
  }
}
