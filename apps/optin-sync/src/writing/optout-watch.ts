import { type Bus, oldestQueued, type WorkflowAddress } from '@landbridge/messaging';

/** An opt-out that is older than this in the queue did not go through at once. */
const WAITS_AFTER_MS = 2_000;
/** One that its destination will not take for so long holds up nobody else any more. */
const WAITS_UNTIL_MS = 60 * 60_000;

/** What is known of opt-outs that are not written yet, in all replicas and after any kill. */
export type OptoutWatch = {
  /** Whether an opt-out of anybody but `contactId` waits. */
  someoneWaits(contactId: string | null): Promise<boolean>;
  /** How long the oldest opt-out has been waiting since it was made, in milliseconds; 0: none is. */
  oldestMs(): Promise<number>;
};

export function watchOptouts(bus: Bus, at: WorkflowAddress): OptoutWatch {
  const oldest = () => oldestQueued(bus, { ...at, table: 'optout' });
  return {
    someoneWaits: async (contactId) => {
      const found = await oldest();
      if (found === null || found.record?.key === contactId) return false;
      const ageMs = Date.now() - found.queuedAt.getTime();
      return ageMs > WAITS_AFTER_MS && ageMs < WAITS_UNTIL_MS;
    },
    oldestMs: async () => {
      const found = await oldest();
      if (found === null) return 0;
      const { record, queuedAt } = found;
      // A first load carries opt-outs of years ago: that is no delay of ours.
      const changedAt = record?.origin === 'change' ? record.modifiedOn : null;
      const sinceMs = changedAt === null ? queuedAt.getTime() : Date.parse(changedAt);
      return Math.max(0, Date.now() - Math.min(sinceMs, queuedAt.getTime()));
    },
  };
}
