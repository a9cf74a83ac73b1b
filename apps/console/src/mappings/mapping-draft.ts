import type { FieldFault, FieldMapping, IngressConfiguration, TableMapping } from '../api/types.ts';
import type { MessageId } from '../locale/message.ts';

/** A field mapping while it is edited; null: not chosen yet. `id` is the page's own. */
export interface DraftRow {
  id: string;
  dynamics: string | null;
  campaign: string | null;
  applyUpdates: boolean;
}

export type Side = 'dynamics' | 'campaign';

/** What is wrong with one side of a row: a sentence of the catalogue, or the server's own. */
export type RowFault = { rowId: string; side: Side } & (
  { say: MessageId; text?: undefined } | { say?: undefined; text: string }
);

/** The rows of a mapping as it was saved. */
export function rowsOf(fields: readonly FieldMapping[]): DraftRow[] {
  return fields.map((field, index) => ({ id: `saved-${index}`, ...field }));
}

const keyOf = ({ dynamics, campaign, applyUpdates }: Omit<DraftRow, 'id'>): string =>
  JSON.stringify([dynamics, campaign, applyUpdates]);

/** Whether the rows say something else than what was saved. */
export function isChanged(fields: readonly FieldMapping[], rows: readonly DraftRow[]): boolean {
  return (
    fields.length !== rows.length ||
    rows.some((row, index) => {
      const field = fields[index];
      return field === undefined || keyOf(field) !== keyOf(row);
    })
  );
}

/** What can be seen to be wrong without asking the server. `key`: the Campaign side of the key. */
export function faultsWithin(rows: readonly DraftRow[], key: string): RowFault[] {
  const targets = new Set([key]);
  return rows.flatMap((row): RowFault[] => {
    const faults: RowFault[] = [];
    if (row.dynamics === null) {
      faults.push({ rowId: row.id, side: 'dynamics', say: 'mapping.required.source' });
    }
    if (row.campaign === null) {
      faults.push({ rowId: row.id, side: 'campaign', say: 'mapping.required.target' });
    } else if (targets.has(row.campaign)) {
      faults.push({ rowId: row.id, side: 'campaign', say: 'mapping.twice' });
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
  const fields = rows.flatMap(({ dynamics, campaign, applyUpdates }): FieldMapping[] =>
    dynamics === null || campaign === null ? [] : [{ dynamics, campaign, applyUpdates }],
  );
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

/**
 * Sorts what the server says of fields: beside the row that each pointer leads to, or, where it
 * leads to none of this page's rows, to the page as a whole.
 */
export function placeFaults(
  faults: readonly FieldFault[],
  mappingIndex: number,
  rows: readonly DraftRow[],
): { beside: RowFault[]; elsewhere: string[] } {
  const beside: RowFault[] = [];
  const elsewhere: string[] = [];
  for (const { pointer, message } of faults) {
    const [, mapping, field, side] = FIELD_POINTER.exec(pointer) ?? [];
    const row = Number(mapping) === mappingIndex ? rows[Number(field)] : undefined;
    if (row === undefined) elsewhere.push(message);
    else {
      beside.push({ rowId: row.id, side: side === 'dynamics' ? side : 'campaign', text: message });
    }
  }
  return { beside, elsewhere };
}
