import { Difference, TableName } from '@landbridge/contracts';
import type { Consumer, JsMsg } from '@nats-io/jetstream';
import { z } from 'zod';
import type { Bus } from './bus.ts';
import { verificationsOf } from './consumers.ts';
import { ensureConsumer } from './ensure-streams.ts';
import { CursorMoved, isStreamFull, isWrongSequence } from './errors.ts';
import { DIFFERENCES, VERIFICATIONS } from './streams.ts';
import {
  cancelledKey,
  differenceFilter,
  differenceSubject,
  tableConsumer,
  type TableAddress,
  verificationKey,
  verifySubject,
} from './subjects.ts';

/** Work that somebody asked for: to compare a table, or to queue again what was found to differ. */
export const VerificationRequest = z.object({
  schemaVersion: z.literal(1),
  kind: z.enum(['compare', 'repair']),
  verificationId: z.uuid(),
  table: TableName,
  /** Records per second; null: as the run's limits allow. */
  rate: z.int().positive().nullable(),
  /** Queue again what differs as it is found. */
  repair: z.boolean(),
});
export type VerificationRequest = z.infer<typeof VerificationRequest>;

/** Asks whoever runs the table; it waits for the next run if need be. Asking twice is asking once. */
export async function requestVerification(
  bus: Bus,
  at: TableAddress,
  request: VerificationRequest,
): Promise<void> {
  await bus.js.publish(verifySubject(at), JSON.stringify(VerificationRequest.parse(request)), {
    msgID: `${request.kind}-${request.verificationId}`,
  });
}

/** The table's requests, declared if they were not there. */
export async function openVerifications(bus: Bus, at: TableAddress): Promise<Consumer> {
  await ensureConsumer(bus.jsm, VERIFICATIONS.name, verificationsOf(at));
  return bus.js.consumers.get(VERIFICATIONS.name, tableConsumer(at));
}

/** null: not a request of this version. */
export function readVerification(message: JsMsg): VerificationRequest | null {
  try {
    return VerificationRequest.parse(message.json());
  } catch {
    return null;
  }
}

/** Calls a verification off: whoever executes it stops, and nobody takes it up. */
export async function cancelVerification(
  bus: Bus,
  at: TableAddress,
  verificationId: string,
): Promise<void> {
  await bus.cursors.put(cancelledKey(at), verificationId);
}

export async function isCancelled(
  bus: Bus,
  at: TableAddress,
  verificationId: string,
): Promise<boolean> {
  return (await bus.cursors.get(cancelledKey(at)))?.string() === verificationId;
}

/** How far a verification is, in the words of whoever executes it. */
export async function readVerificationState(
  bus: Bus,
  at: TableAddress,
): Promise<{ state: unknown; revision: number }> {
  const entry = await bus.cursors.get(verificationKey(at));
  const state: unknown = entry?.operation === 'PUT' ? JSON.parse(entry.string()) : null;
  return { state, revision: entry?.revision ?? 0 };
}

/** Throws  CursorMoved (somebody else executes it by now: leave it to them). */
export async function saveVerificationState(
  bus: Bus,
  at: TableAddress,
  state: object,
  revision: number,
): Promise<number> {
  const key = verificationKey(at);
  try {
    return await bus.cursors.put(key, JSON.stringify(state), { previousSeq: revision });
  } catch (error) {
    if (isWrongSequence(error)) throw new CursorMoved(key, { cause: error });
    throw error;
  }
}

/** What verifications found and nobody has queued again; one entry for each record. */
export interface FoundDifferences {
  /** false: there is no room, and the difference is not kept. */
  put(difference: Difference): Promise<boolean>;
  delete(id: string): Promise<void>;
  clear(): Promise<void>;
  /** Oldest first. */
  entries(): AsyncIterable<Difference>;
}

export function foundDifferences(bus: Bus, at: TableAddress): FoundDifferences {
  return {
    put: async (difference) => {
      try {
        await bus.js.publish(differenceSubject(at, difference.id), JSON.stringify(difference));
        return true;
      } catch (error) {
        if (isStreamFull(error)) return false;
        throw error;
      }
    },
    delete: async (id) => {
      await bus.jsm.streams.purge(DIFFERENCES.name, { filter: differenceSubject(at, id) });
    },
    clear: async () => {
      await bus.jsm.streams.purge(DIFFERENCES.name, { filter: differenceFilter(at) });
    },
    entries: async function* entries() {
      const next_by_subj = differenceFilter(at);
      for (let seq = 1; ;) {
        const stored = await bus.jsm.direct.getMessage(DIFFERENCES.name, { seq, next_by_subj });
        if (stored === null) return;
        seq = stored.seq + 1;
        const parsed = Difference.safeParse(JSON.parse(new TextDecoder().decode(stored.data)));
        if (parsed.success) yield parsed.data;
      }
    },
  };
}
