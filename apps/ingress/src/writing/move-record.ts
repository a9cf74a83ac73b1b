import type { QueuedRecord } from '@landbridge/contracts';
import type { WrittenEntry } from '@landbridge/messaging';
import type { WriteOutcome } from '@landbridge/pipeline';
import type { CampaignRecordAt } from './campaign-records.ts';
import type { PutResult } from './put-record.ts';
import { contentOf } from './remembered.ts';

/** The key under which the record is in Campaign, where that is not `key` any more; else null. */
export function keyMovedFrom(
  record: QueuedRecord,
  key: string,
  entry: WrittenEntry | null,
): string | null {
  if (contentOf(entry) === null) return null;
  const remembered = entry?.extra?.['key'];
  const before = typeof remembered === 'string' ? remembered : record.key;
  return before === key ? null : before;
}

/**
 * Campaign never changes the key of a record that is addressed by it, so a record whose key changed
 * is made anew (`make`), and what was written under the old key goes. The new one comes first, so
 * that nothing is lost when it is refused; only where the old one may stand in its way, the old goes
 * first, and `noteGone` remembers so before anything else can fail. Where somebody else's record has
 * the new key, both stay as they are.
 */
export async function moveRecord(
  make: () => Promise<PutResult>,
  old: Pick<CampaignRecordAt, 'remove'>,
  noteGone: () => Promise<void>,
): Promise<PutResult> {
  const result = await make();
  if (result === 'notOurs') return result;
  await old.remove();
  if (result !== 'conflict') return result;
  await noteGone();
  const again = await make();
  // Made by somebody else since the first look: a skipped record would not tell what is gone.
  return again === 'notOurs' ? 'conflict' : again;
}

const MADE_ROOM = 'madeRoom';

/** What is remembered of a record whose old key made room for the new one, which is not there yet. */
export function entryOfGone(entry: WrittenEntry | null, version: string | null): WrittenEntry {
  const { key: _oldKey, ...extra } = entry?.extra ?? {};
  return { hash: null, version, extra: { ...extra, [MADE_ROOM]: true } };
}

/** A refusal of a record that made room for itself in vain says that nothing of it is left. */
export function tellIfGone(
  outcome: Extract<WriteOutcome, { kind: 'rejected' }>,
  entry: WrittenEntry | null,
): WriteOutcome {
  if (entry?.extra?.[MADE_ROOM] !== true) return outcome;
  const { code, message: refused } = outcome.reason;
  const message = `${refused}; its key changed, and what was written under the earlier key was deleted in Campaign to make room`;
  return { ...outcome, reason: { code, message } };
}
