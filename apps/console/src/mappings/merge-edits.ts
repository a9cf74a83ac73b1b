import type { FieldMapping } from '../api/types.ts';
import { chosenFields, type DraftField } from './mapping-draft.ts';

/** One difference between two lists of field mappings; `field` is the later of the two. */
export interface FieldChange {
  kind: 'added' | 'removed' | 'changed';
  field: FieldMapping;
}

const byTarget = (fields: readonly FieldMapping[]): Map<string, FieldMapping> =>
  new Map(fields.map((field) => [field.campaign, field]));

const same = (one: FieldMapping | undefined, other: FieldMapping | undefined): boolean =>
  one?.dynamics === other?.dynamics && one?.applyUpdates === other?.applyUpdates;

/** What was done to `before` to become `after`; a mapping is known by its Campaign field. */
export function fieldChanges(
  before: readonly FieldMapping[],
  after: readonly FieldMapping[],
): FieldChange[] {
  const was = byTarget(before);
  const is = byTarget(after);
  const changes: FieldChange[] = [];
  for (const field of after) {
    const earlier = was.get(field.campaign);
    if (earlier === undefined) changes.push({ kind: 'added', field });
    else if (!same(earlier, field)) changes.push({ kind: 'changed', field });
  }
  for (const field of before) {
    if (!is.has(field.campaign)) changes.push({ kind: 'removed', field });
  }
  return changes;
}

/**
 * My rows on top of what somebody else saved: what I changed since `base` stays as I made it, what
 * I left alone becomes as they made it. Rows that are not complete yet are mine and stay.
 */
export function mergeOnto(
  base: readonly FieldMapping[],
  theirs: readonly FieldMapping[],
  mine: readonly DraftField[],
): DraftField[] {
  const complete = chosenFields(mine);
  const incomplete = mine.filter(
    ({ dynamics, campaign }) => dynamics === null || campaign === null,
  );
  const changedByMe = new Map(
    fieldChanges(base, complete).map((change) => [change.field.campaign, change]),
  );
  const merged = theirs.flatMap((field): FieldMapping[] => {
    const change = changedByMe.get(field.campaign);
    if (change === undefined) return [field];
    return change.kind === 'removed' ? [] : [change.field];
  });
  const present = byTarget(merged);
  const added = complete.filter(
    (field) => changedByMe.has(field.campaign) && !present.has(field.campaign),
  );
  return [...merged, ...added, ...incomplete];
}
