import type { CampaignFieldMetadata, DynamicsColumnMetadata } from '@landbridge/contracts';
import { foldText } from './fold-text.ts';

/** Names by which a member can be found; null where several members share one. */
type Members = {
  names: ReadonlySet<string>;
  byFoldedName: ReadonlyMap<string, string | null>;
  byFoldedLabel: ReadonlyMap<string, string | null>;
};

const membersOf = new WeakMap<CampaignFieldMetadata, Members>();
const labelsOf = new WeakMap<DynamicsColumnMetadata, ReadonlyMap<number, string>>();

/** The label of a choice; null where the column has no such choice. */
export function optionLabel(column: DynamicsColumnMetadata, value: number): string | null {
  let labels = labelsOf.get(column);
  if (labels === undefined) {
    labels = new Map(column.options.map((option) => [option.value, option.label]));
    labelsOf.set(column, labels);
  }
  return labels.get(value) ?? null;
}

/** The name of the member that `text` means: by name, by name in any case, by its only label. */
export function enumerationMember(field: CampaignFieldMetadata, text: string): string | null {
  let members = membersOf.get(field);
  if (members === undefined) {
    members = {
      names: new Set(field.values.map(({ name }) => name)),
      byFoldedName: unique(field.values.map(({ name }) => [foldText(name), name])),
      byFoldedLabel: unique(field.values.map(({ name, label }) => [foldText(label), name])),
    };
    membersOf.set(field, members);
  }
  if (members.names.has(text)) return text;
  const folded = foldText(text);
  return members.byFoldedName.get(folded) ?? members.byFoldedLabel.get(folded) ?? null;
}

function unique(entries: readonly (readonly [string, string])[]): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const [text, name] of entries) found.set(text, found.has(text) ? null : name);
  return found;
}
