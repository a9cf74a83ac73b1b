import { z } from 'zod';
import type { Dataverse } from '../dataverse.ts';
import { DataverseRequestError } from '../errors.ts';
import { guidOf, literalOf, selectOf } from '../query.ts';
import { saysRowAbsent } from '../refusal.ts';
import { rowSchema } from '../rows.ts';
import { createRowsWith, type BulkSizes } from './create-rows.ts';
import type { DynamicsWrites } from './writes.ts';

const PRECONDITION_FAILED = 412;

const Found = z.object({ value: z.array(z.unknown()) });
const Relationships = z.object({
  value: z.array(
    z.object({
      ReferencingAttribute: z.string(),
      ReferencedEntity: z.string(),
      ReferencingEntityNavigationPropertyName: z.string().nullish(),
    }),
  ),
});

export function writeOperations(dataverse: Dataverse, sizes: BulkSizes): DynamicsWrites {
  const { address, operation } = dataverse;
  return {
    createRows: createRowsWith(dataverse, sizes),

    updateRow: ({ table, id, columns, signal }) =>
      operation(async (ask) => {
        const path = `${address.apiPath}${table.entitySet}(${guidOf(id)})`;
        const shown = `${table.entitySet}({id})`;
        const body = JSON.stringify(columns);
        try {
          await ask.reply({ method: 'PATCH', path, shown, body, ifMatch: '*', signal });
          return 'updated';
        } catch (error) {
          if (error instanceof DataverseRequestError && saysRowAbsent(error)) return 'absent';
          throw error;
        }
      }),

    changeRow: (write) =>
      operation(async (ask) => {
        const { table, columns, id, version, values, signal } = write;
        const path = `${address.apiPath}${table.entitySet}(${guidOf(id)})?${selectOf(table, columns)}`;
        const shown = `${table.entitySet}({id})`;
        const body = JSON.stringify(values);
        const request = { method: 'PATCH', path, shown, body, signal } as const;
        try {
          const row = await ask.json(
            { ...request, prefer: 'return=representation', ifMatch: `W/"${version}"` },
            rowSchema(write),
          );
          return { outcome: 'changed', row };
        } catch (error) {
          if (!(error instanceof DataverseRequestError)) throw error;
          if (saysRowAbsent(error)) return { outcome: 'absent' };
          if (error.status === PRECONDITION_FAILED) return { outcome: 'moved' };
          throw error;
        }
      }),

    offersCreateMultiple: (table, { signal } = {}) =>
      operation(async (ask) => {
        const shown = 'sdkmessagefilters';
        const filter =
          '$filter=sdkmessageid/name%20eq%20@m%20and%20primaryobjecttypecode%20eq%20@t';
        const query = `$select=sdkmessagefilterid&${filter}&@m=${literalOf('CreateMultiple')}`;
        const path = `${address.apiPath}${shown}?${query}&@t=${literalOf(table)}`;
        const { value } = await ask.json({ path, shown, signal }, Found);
        return value.length > 0;
      }),

    bindNames: (table, { signal } = {}) =>
      operation(async (ask) => {
        const shown = `EntityDefinitions(${table})/ManyToOneRelationships`;
        const definition = `EntityDefinitions(LogicalName=${literalOf(table)})`;
        const select = [
          ...['SchemaName', 'ReferencingAttribute', 'ReferencedEntity'],
          'ReferencingEntityNavigationPropertyName',
        ].join(',');
        const path = `${address.apiPath}${definition}/ManyToOneRelationships?$select=${select}`;
        const { value } = await ask.json({ path, shown, strong: true, signal }, Relationships);
        return value.flatMap((one) =>
          one.ReferencingEntityNavigationPropertyName
            ? [
                {
                  column: one.ReferencingAttribute,
                  to: one.ReferencedEntity,
                  bind: `${one.ReferencingEntityNavigationPropertyName}@odata.bind`,
                },
              ]
            : [],
        );
      }),
  };
}
