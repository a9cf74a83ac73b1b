import { json, type Reply } from '../http/exchange.ts';
import { deltaToken, readDeltaToken, skipToken, type Cookie, type DeltaToken } from './cookies.ts';
import type { TableState } from './database.ts';
import { badSyntax, DataverseRefusal } from './dataverse-errors.ts';
import type { Environment } from './environment.ts';
import { MAX_PAGE_SIZE } from './query-options.ts';
import { appliedHeaders, contextOf, isLinkLost, linkOf, type ListQuery } from './read-list.ts';
import { rowJson, type RowJson } from './row-format.ts';

const DAY_MS = 86_400_000;

/** One page of what changed since a token: rows by version, then deletes. */
export function readDelta(
  env: Environment,
  state: TableState,
  query: ListQuery,
  token: string | null,
): Reply {
  const { preferences, selection } = query;
  if (env.switches.deltaNeedsPrefer && !preferences.trackChanges) {
    throw badSyntax(
      'The $deltatoken is only valid when odata.track-changes is preferred.',
      env.switches.syntaxErrorCode,
    );
  }
  const since = query.cookie?.delta ?? sinceOf(env, state, token ?? '');
  const size = preferences.pageSize ?? MAX_PAGE_SIZE;
  const changed = changedRows(env, state, query, since.changed, size + 1);
  const rows = changed.slice(0, size);
  const room = size - rows.length;
  const gone = changed.length > size ? [] : deletesAfter(state, since.deleted, room + 1);
  const value: RowJson[] = rows.map(({ ordinal }) =>
    rowJson(env.db, state, ordinal, selection, preferences),
  );
  const context = `${env.api()}$metadata#${state.table.entitySet}/$deletedEntity`;
  for (const { id } of gone.slice(0, room)) {
    value.push({ '@odata.context': context, id, reason: 'deleted' });
  }
  const delta = {
    changed: rows.at(-1)?.version ?? since.changed,
    deleted: gone.slice(0, room).at(-1)?.version ?? since.deleted,
  };
  const body: Record<string, unknown> = {
    '@odata.context': contextOf(env, state, selection, '/$delta'),
  };
  if (changed.length > size || gone.length > room) {
    const next: Cookie = {
      page: (query.cookie?.page ?? 1) + 1,
      ordinal: 0,
      keys: null,
      tracking: true,
      firstVersion: 0,
      delta,
    };
    body['@odata.nextLink'] = linkOf(env, state, query, `$skiptoken=${skipToken(next)}`);
  } else if (!isLinkLost(env, preferences)) {
    const here = deltaToken({ version: env.db.version, atMs: Date.now() });
    body['@odata.deltaLink'] = linkOf(env, state, query, `$deltatoken=${here}`);
  }
  body['value'] = value;
  return { ...json(200, body, appliedHeaders(preferences)), records: value.length };
}

/** How many rows a delta since `token` would bring. */
export function changesSince(env: Environment, state: TableState, token: string): number {
  const since = sinceOf(env, state, token);
  const changed = new Set<number>();
  for (const { ordinal } of versionsAfter(state, since.changed)) {
    if (state.rows.isLive(ordinal)) changed.add(ordinal);
  }
  return changed.size + deletesAfter(state, since.deleted, Infinity).length;
}

/** Throws  DataverseRefusal for a token that is unreadable, or too old for this table. */
function sinceOf(env: Environment, state: TableState, token: string) {
  const read = readDeltaToken(token);
  if (read === null || read.version > env.db.version) throw deltaRefusal(env, 'malformed');
  if (isExpired(env, read)) throw deltaRefusal(env, 'expired');
  if (!state.table.changeTracking) throw deltaRefusal(env, 'expired');
  return { changed: read.version, deleted: read.version };
}

export function deltaRefusal(env: Environment, why: 'expired' | 'malformed'): DataverseRefusal {
  const { switches } = env;
  return why === 'expired'
    ? new DataverseRefusal(
        switches.expiredTokenStatus,
        switches.expiredTokenCode,
        'Version stamp associated with the client has expired. Please perform a full sync.',
      )
    : new DataverseRefusal(
        switches.malformedTokenStatus,
        switches.malformedTokenCode,
        'Invalid version stamp. The $deltatoken cannot be read.',
      );
}

function isExpired(env: Environment, token: DeltaToken): boolean {
  const organization = env.db.get('organization');
  const ordinal = organization.rows.find(env.ids.organization) ?? 0;
  const days = Number(env.db.cell(organization, ordinal, 'expirechangetrackingindays'));
  return token.version < env.db.tokenFloor || Date.now() - token.atMs > days * DAY_MS;
}

type Version = { version: number; ordinal: number };

function changedRows(
  env: Environment,
  state: TableState,
  query: ListQuery,
  after: number,
  wanted: number,
): Version[] {
  const { rows } = state;
  const isSelected = env.switches.deltaRowForUnselectedColumn
    ? null
    : touchedSince(state, query, after);
  const found: Version[] = [];
  for (const { version, ordinal } of versionsAfter(state, after)) {
    if (!rows.isLive(ordinal)) continue;
    if (env.switches.deltaCollapsesChanges && rows.version(ordinal) !== version) continue;
    if (isSelected !== null && !isSelected.has(ordinal)) continue;
    found.push({ version, ordinal });
    if (found.length >= wanted) break;
  }
  return found;
}

/** Rows that are new, or of which a selected column was written, since `after`. */
function touchedSince(state: TableState, query: ListQuery, after: number): Set<number> {
  const selected = new Set(query.selection.columns.map(({ name }) => name));
  const touched = new Set<number>();
  for (const { ordinal, columns } of versionsAfter(state, after)) {
    if (columns === null || columns.some((name) => selected.has(name))) touched.add(ordinal);
  }
  return touched;
}

/** Row versions after `after`, ascending: written ones and those of blocks that were seeded. */
function* versionsAfter(
  { rows }: TableState,
  after: number,
): Generator<Version & { columns: string[] | null }> {
  let at = firstAfter(rows.changes, after);
  const blocks = rows.blocks.filter((block) => block.version + block.count - 1 > after);
  for (const block of blocks) {
    for (; (rows.changes[at]?.version ?? Infinity) < block.version; at++) {
      const change = rows.changes[at];
      if (change !== undefined) yield change;
    }
    const skipped = Math.max(0, after + 1 - block.version);
    for (let index = skipped; index < block.count; index++) {
      const ordinal = block.start + index;
      if (rows.overlayOf(ordinal) !== null) continue;
      yield { version: block.version + index, ordinal, columns: null };
    }
  }
  for (; at < rows.changes.length; at++) {
    const change = rows.changes[at];
    if (change !== undefined) yield change;
  }
}

function deletesAfter({ rows }: TableState, after: number, wanted: number) {
  const at = firstAfter(rows.deletes, after);
  return rows.deletes.slice(at, wanted === Infinity ? undefined : at + wanted);
}

/** Index of the first entry of an ascending list whose version is later than `after`. */
function firstAfter(list: { version: number }[], after: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.version ?? 0) > after) high = middle;
    else low = middle + 1;
  }
  return low;
}
