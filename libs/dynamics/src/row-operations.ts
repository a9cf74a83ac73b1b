import { z } from 'zod';
import { pathOfLink } from './address.ts';
import type { ChangePage, DynamicsClient, DynamicsRow, Selection } from './client.ts';
import type { Asker, Dataverse } from './dataverse.ts';
import { DataverseRequestError, DynamicsUnreachable } from './errors.ts';
import { guidOf, idFiltersOf, PAGE_ROWS_MAX, preferOf, selectOf } from './query.ts';
import { saysRowAbsent } from './refusal.ts';
import { changePageSchema, rowSchema } from './rows.ts';

type RowOperations = Pick<
  DynamicsClient,
  'rowsByIds' | 'row' | 'existing' | 'totalCount' | 'countTo5000'
>;

const RawTotals = z.object({
  EntityRecordCountCollection: z.object({
    Keys: z.array(z.string()),
    Values: z.array(z.number()),
  }),
});

export function rowOperations(
  { address, operation }: Dataverse,
  urlCharactersMax: number,
): RowOperations {
  async function readByIds(
    ask: Asker,
    selection: Selection,
    { ids, select }: { ids: readonly string[]; select: string },
  ): Promise<DynamicsRow[]> {
    const { table, signal } = selection;
    const head = `${address.apiPath}${table.entitySet}?${select}&`;
    const urlCharacters = address.origin.length + head.length;
    const prefer = preferOf(selection, `odata.maxpagesize=${PAGE_ROWS_MAX}`);
    const rows: DynamicsRow[] = [];
    for (const filter of idFiltersOf(table.primaryId, ids, { urlCharacters, urlCharactersMax })) {
      let path: string | null = `${head}${filter}`;
      while (path !== null) {
        const page: ChangePage = await ask.json(
          { path, shown: table.entitySet, prefer, signal },
          changePageSchema(selection),
        );
        rows.push(...page.rows);
        path = page.nextLink === null ? null : pathOfLink(page.nextLink, address);
      }
    }
    return rows;
  }

  return {
    rowsByIds: ({ ids, ...selection }) =>
      operation((ask) => {
        const select = selectOf(selection.table, selection.columns);
        return readByIds(ask, selection, { ids, select });
      }),

    existing: (table, ids, { signal } = {}) =>
      operation(async (ask) => {
        const selection = { table, columns: [], ...(signal === undefined ? {} : { signal }) };
        const select = `$select=${encodeURIComponent(table.primaryId)}`;
        const rows = await readByIds(ask, selection, { ids, select });
        return new Set(rows.map(({ id }) => id));
      }),

    row: ({ id, ...selection }) =>
      operation(async (ask) => {
        const { table, columns, signal } = selection;
        const path = `${address.apiPath}${table.entitySet}(${guidOf(id)})?${selectOf(table, columns)}`;
        try {
          const shown = `${table.entitySet}({id})`;
          const prefer = preferOf(selection);
          const request = { path, shown, signal, ...(prefer === '' ? {} : { prefer }) };
          return await ask.json(request, rowSchema(selection));
        } catch (error) {
          if (error instanceof DataverseRequestError && saysRowAbsent(error)) return null;
          throw error;
        }
      }),

    totalCount: (logicalName, { signal } = {}) =>
      operation(async (ask) => {
        const names = encodeURIComponent(JSON.stringify([logicalName]));
        const shown = 'RetrieveTotalRecordCount';
        const path = `${address.apiPath}${shown}(EntityNames=@p1)?@p1=${names}`;
        const { EntityRecordCountCollection: totals } = await ask.json(
          { path, shown, signal },
          RawTotals,
        );
        const count = totals.Values[totals.Keys.indexOf(logicalName)];
        if (count === undefined) {
          throw new DynamicsUnreachable({ method: 'GET', path: shown }, 'unreadable');
        }
        return count;
      }),

    countTo5000: (table, { signal } = {}) =>
      operation(async (ask) => {
        const shown = `${table.entitySet}/$count`;
        const text = await ask.text({ path: `${address.apiPath}${shown}`, shown, signal });
        const digits = /^\uFEFF?\s*(\d+)\s*$/.exec(text)?.[1];
        if (digits === undefined) {
          throw new DynamicsUnreachable({ method: 'GET', path: shown }, 'unreadable');
        }
        return Number(digits);
      }),
  };
}
