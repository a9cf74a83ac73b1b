import type { FieldMapping, IngressConfiguration, TableMapping } from '../api/types.ts';
import type { Fault } from '../editing/faults.ts';

/** A field mapping while it is edited; null: not chosen yet. `id` is the page's own. */
export interface DraftRow {
  id: string;
  dynamics: string | null;
  campaign: string | null;
  applyUpdates: boolean;
}

export type Side = 'dynamics' | 'campaign';

/** What a row says, whichever row it is. */
export type DraftField = Omit<DraftRow, 'id'>;

/** Where in the draft one side of a row is. */
export const placeOfSide = (rowId: string, side: Side): string => `/${rowId}/${side}`;

/** Whether something was said of a row. */
export const isWithinRow = ({ pointer }: Fault, rowId: string): boolean =>
  pointer.startsWith(`/${rowId}/`);

/** The rows of a mapping as it was saved. */
export function rowsOf(fields: readonly FieldMapping[]): DraftRow[] {
  return fields.map((field, index) => ({ id: `saved-${index}`, ...field }));
}

/** The rows of which both sides are chosen, as they are saved. */
export const chosenFields = (rows: readonly DraftField[]): FieldMapping[] =>
  rows.flatMap(({ dynamics, campaign, applyUpdates }) =>
    dynamics === null || campaign === null ? [] : [{ dynamics, campaign, applyUpdates }],
  );

const textOf = (fields: readonly DraftField[]): string =>
  JSON.stringify(
    fields.map(({ dynamics, campaign, applyUpdates }) => [dynamics, campaign, applyUpdates]),
  );

/** Whether two lists of rows say the same in the same order, whatever their ids. */
export const saySame = (one: readonly DraftField[], other: readonly DraftField[]): boolean =>
  textOf(one) === textOf(other);

/** What can be seen to be wrong without asking the server. `key`: the Campaign side of the key. */
export function faultsWithin(rows: readonly DraftRow[], key: string): Fault[] {
  const targets = new Set([key]);
  return rows.flatMap((row): Fault[] => {
    const faults: Fault[] = [];
    const at = (side: Side) => placeOfSide(row.id, side);
    if (row.dynamics === null) {
      faults.push({ pointer: at('dynamics'), say: 'mapping.required.source' });
    }
    if (row.campaign === null) {
      faults.push({ pointer: at('campaign'), say: 'mapping.required.target' });
    } else if (targets.has(row.campaign)) {
      faults.push({ pointer: at('campaign'), say: 'mapping.twice' });
    } else {
      targets.add(row.campaign);
    }
    return faults;
  });
}

/** The configuration with the rows in place of the table's fields; all else as it was. */
export function withRows(
  configuration: IngressConfiguration,
  table: string,
  rows: readonly DraftRow[],
): IngressConfiguration {
  const fields = chosenFields(rows);
  return {
    ...configuration,
    mappings: configuration.mappings.map((mapping) =>
      mapping.dynamicsTable === table ? { ...mapping, fields } : mapping,
    ),
  };
}

/** The mapping of a table; undefined where the configuration has none. */
export function mappingOf(
  configuration: IngressConfiguration,
  table: string,
): TableMapping | undefined {
  return configuration.mappings.find(({ dynamicsTable }) => dynamicsTable === table);
}

const FIELD_POINTER = /^\/mappings\/(\d+)\/fields\/(\d+)(?:\/(dynamics|campaign))?(?:\/|$)/;

/** Where in the draft a place of the configuration is; null: in none of this page's rows. */
export function placeWithin(
  pointer: string,
  mappingIndex: number,
  rows: readonly DraftRow[],
): string | null {
  const [, mapping, field, side] = FIELD_POINTER.exec(pointer) ?? [];
  const row = Number(mapping) === mappingIndex ? rows[Number(field)] : undefined;
  if (row === undefined) return null;
  return placeOfSide(row.id, side === 'dynamics' ? side : 'campaign');
}
