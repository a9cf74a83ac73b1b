import {
  type Bus,
  changeDeletes,
  type DeleteDecision,
  listDeletes,
  putDelete,
  readDeletes,
  removeDelete,
  requestRetry,
  type StoredDelete,
  type TableAddress,
} from '@landbridge/messaging';
import type { Reader } from '@landbridge/pipeline';

/** Deletes that one call of the reader deals with, so that changes are read in between. */
const CHUNK_MAX = 200;

/**
 * Does the next part of what a person decided of a table's deletes; gives whether there is more.
 * Approved ones are read again at the source first, so that a record that came back stays. Each
 * step may be done twice: a crash in the middle of one repeats it.
 */
export async function carryOutDecision(bus: Bus, at: TableAddress): Promise<boolean> {
  const { decision } = await readDeletes(bus, at);
  if (decision === null) return false;
  const chunk = await listDeletes(bus, at, 'held', CHUNK_MAX);
  const decided = chunk.filter(({ sequence }) => sequence <= decision.upToSequence);
  for (const held of decided) await carryOut(bus, at, held, decision);
  if (decided.length > 0) return true;
  const [oldest] = chunk;
  await changeDeletes(bus, at, (ledger) => {
    const isLatest = ledger.decision?.position === decision.position;
    if (!isLatest) return { next: null, answer: undefined };
    const { position: donePosition } = decision;
    // A person has looked, so the window begins anew; what came since the decision still waits.
    const next = { done: [], heldSince: oldest?.heldAt ?? null, decision: null, donePosition };
    return { next, answer: undefined };
  });
  return false;
}

async function carryOut(
  bus: Bus,
  at: TableAddress,
  stored: StoredDelete,
  { kind }: DeleteDecision,
): Promise<void> {
  const { state: _state, sequence: _sequence, ...held } = stored;
  if (kind === 'approve') {
    await putDelete(bus, at, 'approved', held);
    await requestRetry(bus, at, { key: held.key, deadLetterId: null });
  } else await putDelete(bus, at, 'discarded', held);
  await removeDelete(bus, stored);
}

/** The same reader, which first does what a person decided: whoever holds the tick does it, alone. */
export function createDecidedReader(reader: Reader, bus: Bus, at: TableAddress): Reader {
  return {
    ...reader,
    read: async (cursor, context) => {
      const more = await carryOutDecision(bus, at);
      const batch = await reader.read(cursor, context);
      return more ? { ...batch, more: true } : batch;
    },
  };
}
