import type { Writer } from '@landbridge/pipeline';
import { unreadableRowOf } from '../reading/unreadable-row.ts';

/** Makes a dead letter of each row that does not tell whom it is about, and writes the rest. */
export function rejectUnreadableRows(write: Writer): Writer {
  return async (record, context) => {
    const unreadable = unreadableRowOf(record);
    if (unreadable === null) return write(record, context);
    const message =
      `In row ${unreadable.row} of the file ${unreadable.file} the cells do not fit the headings: ` +
      'look the row up there, mend it, and put the file into the folder again';
    const reason = { code: 'rowUnreadable', message };
    return { kind: 'rejected', reason, cause: new Error(message) };
  };
}
