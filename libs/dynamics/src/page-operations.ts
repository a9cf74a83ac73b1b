import { pathOfLink } from './address.ts';
import type { ChangePage, DynamicsClient, Selection } from './client.ts';
import type { Ask, Asker, Dataverse } from './dataverse.ts';
import {
  ChangeTrackingOff,
  CursorExpired,
  DataverseRequestError,
  DeltaLinkMissing,
} from './errors.ts';
import { lastModifiedOf, modifiedSinceOf, PAGE_ROWS_MAX, preferOf, selectOf } from './query.ts';
import { saysCursorLost, saysTrackingOff } from './refusal.ts';
import { changePageSchema } from './rows.ts';

type PageOperations = Pick<DynamicsClient, 'readPage' | 'readModifiedSince' | 'lastModified'>;

/** Every page of a walk gets the same list of preferences: they do not carry over by a link. */
function pagePreferOf(selection: Selection, pageRowsMax: number, trackChanges: boolean): string {
  const rows = `odata.maxpagesize=${Math.min(PAGE_ROWS_MAX, Math.max(1, pageRowsMax))}`;
  return trackChanges
    ? preferOf(selection, 'odata.track-changes', rows)
    : preferOf(selection, rows);
}

export function pageOperations({ address, operation }: Dataverse): PageOperations {
  const pathOf = (link: string | null, { table, columns }: Selection, rest: string) =>
    link === null
      ? `${address.apiPath}${table.entitySet}?${selectOf(table, columns)}${rest}`
      : pathOfLink(link, address);

  return {
    readPage: ({ link, pageRowsMax, trackChanges, ...selection }) =>
      operation(async (ask) => {
        const { table, signal } = selection;
        // Change tracking takes no order; without it, pages need one to be told apart.
        const order = trackChanges ? '' : `&$orderby=${encodeURIComponent(table.primaryId)}%20asc`;
        const request: Ask = {
          path: pathOf(link, selection, order),
          shown: table.entitySet,
          prefer: pagePreferOf(selection, pageRowsMax, trackChanges),
          signal,
        };
        const page = trackChanges
          ? await tracked(ask, request, { selection, continued: link !== null })
          : await ask.json(request, changePageSchema(selection));
        return { ...page, deltaLink: trackChanges ? page.deltaLink : null };
      }),

    lastModified: ({ count, ...selection }) =>
      operation(async (ask) => {
        const { table, signal } = selection;
        const prefer = preferOf(selection);
        const path = pathOf(null, selection, `&${lastModifiedOf(table, count)}`);
        const request = { path, shown: table.entitySet, signal };
        const page = await ask.json(
          prefer === '' ? request : { ...request, prefer },
          changePageSchema(selection),
        );
        return page.rows;
      }),

    readModifiedSince: ({ since, link, pageRowsMax, ...selection }) =>
      operation(async (ask) => {
        const path = pathOf(link, selection, `&${modifiedSinceOf(selection.table, since)}`);
        const { rows, nextLink } = await ask.json(
          {
            path,
            shown: selection.table.entitySet,
            prefer: pagePreferOf(selection, pageRowsMax, false),
            signal: selection.signal,
          },
          changePageSchema(selection),
        );
        return { rows, nextLink };
      }),
  };
}

/** A page of tracked changes, whose refusals have names of their own. */
async function tracked(
  ask: Asker,
  request: Ask,
  { selection, continued }: { selection: Selection; continued: boolean },
): Promise<ChangePage> {
  const { table } = selection.table;
  let page: ChangePage;
  try {
    page = await ask.json(request, changePageSchema(selection));
  } catch (error) {
    if (!(error instanceof DataverseRequestError)) throw error;
    if (saysTrackingOff(error)) throw new ChangeTrackingOff(table, { cause: error });
    if (continued && saysCursorLost(error)) throw new CursorExpired(table, error, { cause: error });
    throw error;
  }
  if (page.nextLink === null && page.deltaLink === null) throw new DeltaLinkMissing(table);
  return page;
}
