import type { CampaignFieldMetadata, DynamicsColumnMetadata } from '../api/types.ts';
import type { MessageId } from '../locale/message.ts';

/** A column or field that may be chosen. `type` is a key of the catalogue, `lengthMax` characters. */
export interface FieldChoice {
  id: string;
  label: string;
  type: MessageId;
  lengthMax: number | null;
}

const UNMAPPABLE: ReadonlySet<string> = new Set(['link', 'collection', 'other']);

const byLabel = (one: FieldChoice, other: FieldChoice): number =>
  one.label.localeCompare(other.label) || one.id.localeCompare(other.id);

/** The columns that a mapping may read, sorted by their labels. */
export function sourceChoices(columns: readonly DynamicsColumnMetadata[]): FieldChoice[] {
  return columns
    .filter(({ readable, type }) => readable && type !== 'other')
    .map(({ name, label, type, lengthMax }): FieldChoice => {
      return { id: name, label: label || name, type: `type.dynamics.${type}`, lengthMax };
    })
    .sort(byLabel);
}

/** The fields that a mapping may write, sorted by their labels. */
export function targetChoices(fields: readonly CampaignFieldMetadata[]): FieldChoice[] {
  return fields
    .filter(({ readOnly, type }) => !readOnly && !UNMAPPABLE.has(type))
    .map(({ name, label, type, lengthMax }): FieldChoice => {
      return { id: name, label: label || name, type: `type.campaign.${type}`, lengthMax };
    })
    .sort(byLabel);
}

/** What a choice shows as: its label, and the name that the API knows it by. */
export function shownName({ id, label }: Pick<FieldChoice, 'id' | 'label'>): string {
  return label === id ? id : `${label} (${id})`;
}
