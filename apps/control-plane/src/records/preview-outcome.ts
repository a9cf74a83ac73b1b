import type { FoundRecord } from '@landbridge/campaign';
import type { PreviewOutcome, TableMapping } from '@landbridge/contracts';
import type { RecordMemory } from '../control-plane.ts';
import type { Comparison } from './compare-record.ts';
import { isForeign } from './is-foreign.ts';
import type { ParentInTheWay } from './parent-in-the-way.ts';
import { TELL_ABSENCE } from './tell-absence.ts';

/** What a preview has found out about one record. */
export interface Previewed {
  comparison: Comparison;
  mapping: TableMapping;
  /** null: Campaign was not asked, for the record has no key. */
  found: FoundRecord | null;
  memory: RecordMemory;
  inTheWay: ParentInTheWay | null;
}

/** What a write would do, by the rules and in the order of the writer. */
export function outcomeOf({
  comparison: { filter, mapped, differing },
  mapping,
  found,
  memory,
  inTheWay,
}: Previewed): PreviewOutcome {
  const isThere = found !== null && found.found !== 'no';
  if (filter.verdict === 'fails') {
    const isOurs = memory.memory !== null && memory.memory.entry.hash !== null;
    return mapping.deleteFilteredOut && isOurs && isThere ? 'delete' : 'leftOut';
  }
  if (!mapped.ok || found === null) return 'rejected';
  if (inTheWay !== null) {
    return inTheWay.standing === 'waiting' ? 'waitsForParent' : 'parentWillNotCome';
  }
  if (found.found === 'several') return 'rejected';
  if (found.found === 'no') return 'insert';
  if (isForeign(memory, mapping)) return 'notOurs';
  return differing.length > 0 ? 'update' : 'nothing';
}

/** The attributes that a write would change. */
export function changesOf(outcome: PreviewOutcome, { mapped, differing }: Comparison): string[] {
  if (outcome === 'update') return differing;
  if (outcome !== 'insert' || !mapped.ok) return [];
  return [mapped.keyField, ...Object.keys({ ...mapped.followed, ...mapped.onInsert })];
}

/** The outcome as one sentence. */
export function tellOutcome(
  outcome: PreviewOutcome,
  { comparison, inTheWay }: Previewed,
  changes: readonly string[],
): string {
  const { filter, mapped } = comparison;
  const because = filter.deciding.map(({ sentence }) => sentence).join(', and ');
  const parent = inTheWay === null ? '' : `${inTheWay.parent.table} ${inTheWay.parent.key}`;
  switch (outcome) {
    case 'insert':
      return 'A write would insert it into Campaign.';
    case 'update':
      return `A write would change ${changes.join(', ')}.`;
    case 'nothing':
      return 'Campaign holds it already; a write would change nothing.';
    case 'delete':
      return `It would be deleted in Campaign because ${because}.`;
    case 'leftOut':
      return `It is left out because ${because}.`;
    case 'rejected':
      return mapped.ok
        ? 'It cannot be written: Campaign has more than one record with its key.'
        : `It cannot be written: ${mapped.rejected.message}.`;
    case 'notOurs':
      return (
        'It would be left alone: Campaign has a record with its key that Landbridge did not write, ' +
        'and “take over existing records” (adoptExisting) is off.'
      );
    case 'waitsForParent':
      return `It would wait until the ${parent}, to which it refers, is in Campaign.`;
    case 'parentWillNotCome':
      return `It would not be written: it refers to the ${parent}, which ${tellStanding(inTheWay)}.`;
  }
}

const tellStanding = (inTheWay: ParentInTheWay | null): string =>
  inTheWay === null || inTheWay.standing === 'waiting'
    ? 'is not in Campaign yet'
    : TELL_ABSENCE[inTheWay.standing];
