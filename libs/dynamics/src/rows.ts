import { z } from 'zod';
import type { ChangePage, DynamicsRow, DynamicsValue, Selection } from './client.ts';
import { LOOKUP_TABLE } from './query.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const Guid = z.guid().transform((id) => id.toLowerCase());
const RawRow = z.custom<Record<string, unknown>>(isObject);

const RawPage = z.object({
  value: z.array(RawRow),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
});

/** Reads one page of rows and deletions. */
export function changePageSchema(selection: Selection): z.ZodType<ChangePage> {
  return RawPage.transform((raw, context) => reading(context, () => pageOf(raw, selection)));
}

/** Reads a single row. */
export function rowSchema(selection: Selection): z.ZodType<DynamicsRow> {
  const wanted = wantedOf(selection);
  return RawRow.transform((raw, context) => reading(context, () => rowOf(raw, selection, wanted)));
}

/** A row without its id makes the whole answer unreadable. */
function reading<T>(context: z.RefinementCtx, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    context.addIssue({ code: 'custom', message: 'a row has no readable id' });
    return z.NEVER;
  }
}

/** Deletions are told from rows by their reason or context; a context alone is no deletion. */
function pageOf(raw: z.infer<typeof RawPage>, selection: Selection): ChangePage {
  const rows: DynamicsRow[] = [];
  const deletedIds: string[] = [];
  const wanted = wantedOf(selection);
  for (const row of raw.value) {
    if (isDeletion(row, selection)) deletedIds.push(deletedIdOf(row));
    else rows.push(rowOf(row, selection, wanted));
  }
  return {
    rows,
    deletedIds,
    nextLink: raw['@odata.nextLink'] ?? null,
    deltaLink: raw['@odata.deltaLink'] ?? null,
  };
}

/** A column that may come, and the name of the property that holds it if it is a lookup. */
type Wanted = { name: string; lookup: string; leadsTo: string };

/** Made once for a page, since a page may hold a quarter of a million values. */
function wantedOf({ table, columns }: Selection): Wanted[] {
  const names = new Set([table.primaryId, ...columns]);
  return [...names].map((name) => {
    const lookup = `_${name}_value`;
    return { name, lookup, leadsTo: `${lookup}@${LOOKUP_TABLE}` };
  });
}

/** Keyed by logical names; annotations and columns that were not asked for are left out. */
function rowOf(
  raw: Record<string, unknown>,
  { table }: Pick<Selection, 'table'>,
  wanted: readonly Wanted[],
): DynamicsRow {
  const columns: Record<string, DynamicsValue> = {};
  const lookupTables: Record<string, string> = {};
  for (const { name, lookup, leadsTo } of wanted) {
    if (Object.hasOwn(raw, name)) columns[name] = valueOf(raw[name]);
    else if (Object.hasOwn(raw, lookup)) columns[name] = valueOf(raw[lookup]);
    const table = raw[leadsTo];
    if (typeof table === 'string') lookupTables[name] = table;
  }
  const modifiedOn = raw.modifiedon;
  return {
    id: Guid.parse(raw[table.primaryId]),
    version: versionOf(raw['@odata.etag']),
    modifiedOn: typeof modifiedOn === 'string' && modifiedOn !== '' ? modifiedOn : null,
    columns,
    ...(Object.keys(lookupTables).length === 0 ? {} : { lookupTables }),
  };
}

function isDeletion(row: Record<string, unknown>, { table }: Selection): boolean {
  const context = row['@odata.context'];
  const hasReason = typeof row.reason === 'string' && 'id' in row && !(table.primaryId in row);
  return hasReason || (typeof context === 'string' && context.endsWith('/$deletedEntity'));
}

/** A bare GUID, or the row's URL with the GUID in brackets. */
function deletedIdOf(row: Record<string, unknown>): string {
  const id = z.string().parse(row.id);
  return Guid.parse(/\(([^()]+)\)$/.exec(id)?.[1] ?? id);
}

/** The digits of `W/"94817"`. */
function versionOf(etag: unknown): string | null {
  return typeof etag === 'string' ? (/^(?:W\/)?"(\d+)"$/.exec(etag)?.[1] ?? null) : null;
}

/** Columns of types that cannot be mapped may hold more than a plain value: their JSON is kept. */
function valueOf(value: unknown): DynamicsValue {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    default:
      return value === null || value === undefined ? null : JSON.stringify(value);
  }
}
