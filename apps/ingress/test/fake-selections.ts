import type { RecordSelection } from '@landbridge/messaging';
import type { SelectionSource } from '../src/reading/reading-deps.ts';

/** Nobody chose any record. */
export const noSelections: SelectionSource = {
  next: async () => null,
  done: async () => undefined,
};

/** One choice of records, until it is done. */
export function oneSelection(asked: RecordSelection): SelectionSource & { left: () => boolean } {
  let waiting: RecordSelection | null = asked;
  return {
    next: async () => waiting,
    done: async () => {
      waiting = null;
    },
    left: () => waiting !== null,
  };
}
