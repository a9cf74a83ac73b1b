import { z } from 'zod';
import type { DynamicsClient } from './client.ts';
import type { Asker, Dataverse } from './dataverse.ts';
import { DynamicsUnreachable } from './errors.ts';
import { literalOf } from './query.ts';
import {
  castsOf,
  COLUMN_PROPERTIES,
  columnOf,
  ownColumns,
  RawColumns,
  RawDetails,
  RawOneTable,
  RawTables,
  summaryOf,
  TABLE_PROPERTIES,
  type RawColumn,
  type RawDetail,
} from './table-metadata.ts';

type MetadataOperations = Pick<
  DynamicsClient,
  'whoAmI' | 'tables' | 'table' | 'changeTrackingExpiryDays'
>;

const RawWhoAmI = z.object({
  UserId: z.string(),
  OrganizationId: z.string(),
  BusinessUnitId: z.string(),
});
const RawOrganizations = z.object({
  value: z.array(z.object({ expirechangetrackingindays: z.number().nullish() })),
});

export function metadataOperations({ address, operation }: Dataverse): MetadataOperations {
  const at = (path: string) => `${address.apiPath}${path}`;
  const tableQuery = `$select=${TABLE_PROPERTIES.join(',')}`;

  return {
    whoAmI: ({ signal } = {}) =>
      operation(async (ask) => {
        const raw = await ask.json({ path: at('WhoAmI'), shown: 'WhoAmI', signal }, RawWhoAmI);
        return {
          userId: raw.UserId,
          organizationId: raw.OrganizationId,
          businessUnitId: raw.BusinessUnitId,
        };
      }),

    tables: ({ signal } = {}) =>
      operation(async (ask) => {
        const path = at(`EntityDefinitions?${tableQuery}`);
        const { value } = await ask.json({ path, shown: 'EntityDefinitions', signal }, RawTables);
        return value
          .flatMap((raw) => summaryOf(raw) ?? [])
          .toSorted((a, b) => (a.table < b.table ? -1 : 1));
      }),

    table: (logicalName, { signal } = {}) =>
      operation(async (ask) => {
        const definition = `EntityDefinitions(LogicalName=${literalOf(logicalName)})`;
        const shown = `EntityDefinitions(${logicalName})`;
        const [table, { value: all }] = await Promise.all([
          ask.json(
            { path: at(`${definition}?${tableQuery}`), shown, strong: true, signal },
            RawOneTable,
          ),
          ask.json(
            {
              path: at(`${definition}/Attributes?$select=${COLUMN_PROPERTIES.join(',')}`),
              shown: `${shown}/Attributes`,
              strong: true,
              signal,
            },
            RawColumns,
          ),
        ]);
        const summary = summaryOf(table);
        if (summary === null)
          throw new DynamicsUnreachable({ method: 'GET', path: shown }, 'unreadable');
        const columns = ownColumns(all);
        const details = await detailsOf(ask, columns, { path: at(definition), shown, signal });
        return {
          ...summary,
          primaryName: table.PrimaryNameAttribute ?? null,
          columns: columns
            .map((column) => columnOf(column, details.get(column.LogicalName)))
            .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        };
      }),

    changeTrackingExpiryDays: ({ signal } = {}) =>
      operation(async (ask) => {
        const path = at('organizations?$select=expirechangetrackingindays');
        const { value } = await ask.json(
          { path, shown: 'organizations', signal },
          RawOrganizations,
        );
        return value[0]?.expirechangetrackingindays ?? null;
      }),
  };
}

/** What the casts to the columns' own types tell, by logical name. */
async function detailsOf(
  ask: Asker,
  columns: readonly RawColumn[],
  table: { path: string; shown: string; signal: AbortSignal | undefined },
): Promise<Map<string, RawDetail>> {
  const answers = await Promise.all(
    castsOf(columns).map(({ cast, query }) => {
      const attributes = `Attributes/Microsoft.Dynamics.CRM.${cast}AttributeMetadata`;
      return ask.json(
        {
          path: `${table.path}/${attributes}?${query}`,
          shown: `${table.shown}/${attributes}`,
          strong: true,
          signal: table.signal,
        },
        RawDetails,
      );
    }),
  );
  return new Map(
    answers.flatMap(({ value }) => value.map((detail) => [detail.LogicalName, detail] as const)),
  );
}
