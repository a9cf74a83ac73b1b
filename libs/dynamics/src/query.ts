import type { TableShape } from './client.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Dataverse sends no more rows than this on a page. */
export const PAGE_ROWS_MAX = 5_000;

/** A lookup is read as `_<column>_value`. */
export function logicalNameOf(property: string): string {
  return /^_(.+)_value$/.exec(property)?.[1] ?? property;
}

/** A text in an OData expression: quotes doubled, then encoded for the URL. */
export function literalOf(text: string): string {
  return encodeURIComponent(`'${text.replaceAll("'", "''")}'`);
}

/** Throws RangeError: an id is a primary key that Dataverse gave, so anything else is a bug. */
export function guidOf(id: string): string {
  if (!GUID.test(id)) throw new RangeError('A row of Dataverse is addressed by a GUID');
  return id.toLowerCase();
}

/** `$select` of logical names, with the primary key and, where the table has it, modifiedon. */
export function selectOf(table: TableShape, columns: readonly string[]): string {
  const types = new Map(table.columns.map(({ name, type }) => [name, type]));
  const names = new Set([table.primaryId, ...columns]);
  if (types.has('modifiedon')) names.add('modifiedon');
  const properties = [...names].map((name) =>
    types.get(name) === 'lookup' ? `_${name}_value` : name,
  );
  return `$select=${properties.map(encodeURIComponent).join(',')}`;
}

/** The annotation that tells which table a lookup leads to. */
export const LOOKUP_TABLE = 'Microsoft.Dynamics.CRM.lookuplogicalname';

/** Preferences for reading `columns`: what lookups lead to, where one may lead to several tables. */
export function preferOf(
  { table, columns }: { table: TableShape; columns: readonly string[] },
  ...others: readonly string[]
): string {
  const several = table.columns.some(
    ({ name, targets }) => targets.length > 1 && columns.includes(name),
  );
  const annotated = several ? [`odata.include-annotations="${LOOKUP_TABLE}"`] : [];
  return [...others, ...annotated].join(',');
}

/** Rows modified at or after a time, which is taken back to its whole second. */
export function modifiedSinceOf(table: TableShape, since: Date): string {
  const from = since.toISOString().replace(/\.\d+Z$/, 'Z');
  const filter = encodeURIComponent(`modifiedon ge ${from}`);
  return `$filter=${filter}&$orderby=modifiedon%20asc,${encodeURIComponent(table.primaryId)}%20asc`;
}

/** The rows that changed last; by primary key where the table does not say when. */
export function lastModifiedOf(table: TableShape, count: number): string {
  const dated = table.columns.some(({ name }) => name === 'modifiedon');
  const order = dated ? `modifiedon%20desc,` : '';
  return `$orderby=${order}${encodeURIComponent(table.primaryId)}%20asc&$top=${count}`;
}

/**
 * Filters that together name every id once, each short enough that `urlCharacters` plus itself
 * stays within `urlCharactersMax`, and none asking for more rows than a page holds.
 */
export function idFiltersOf(
  primaryId: string,
  ids: readonly string[],
  room: { urlCharacters: number; urlCharactersMax: number },
): string[] {
  const head = `$filter=Microsoft.Dynamics.CRM.In(PropertyName=${literalOf(primaryId)},PropertyValues=%5B`;
  const tail = '%5D)';
  const perId = literalOf(guidOf('00000000-0000-0000-0000-000000000000')).length + 1;
  const free = room.urlCharactersMax - room.urlCharacters - head.length - tail.length;
  const perFilter = Math.min(PAGE_ROWS_MAX, Math.max(1, Math.floor(free / perId)));
  const unique = [...new Set(ids.map(guidOf))];
  return Array.from({ length: Math.ceil(unique.length / perFilter) }, (_, index) => {
    const some = unique.slice(index * perFilter, (index + 1) * perFilter);
    return `${head}${some.map(literalOf).join(',')}${tail}`;
  });
}
