import { z } from 'zod';
import { Column } from './column.schema.ts';
import { stateColumns, systemColumns } from './contact-table.ts';
import type { Table } from './table.ts';

const FIRST_CODE = 10_300;

/** A customer's own table, by the columns that are special about it: `new_order`, `new_orders`. */
export const CustomTable = z.strictObject({
  name: z.string().regex(/^[a-z]+_[a-z0-9_]+$/),
  entitySet: z.string().regex(/^[a-z]+_[a-z0-9_]+$/),
  label: z.string().min(1),
  columns: z.array(Column).default([]),
});
export type CustomTable = z.infer<typeof CustomTable>;
export type CustomTableInput = z.input<typeof CustomTable>;

/** The table as its solution would define it; `nth` tells its type code from the others'. */
export function customTable({ name, entitySet, label, columns }: CustomTable, nth: number): Table {
  const publisher = name.slice(0, name.indexOf('_'));
  const primaryName = `${publisher}_name`;
  return {
    ...{ logicalName: name, schemaName: name, entitySet, label, primaryName },
    objectTypeCode: FIRST_CODE + nth,
    primaryId: `${name}id`,
    isCustom: true,
    isActivity: false,
    changeTracking: true,
    multiple: true,
    keys: [],
    columns: [
      { name: `${name}id`, type: 'uniqueidentifier', update: false, required: 'SystemRequired' },
      { name: primaryName, type: 'string', lengthMax: 100, required: 'ApplicationRequired' },
      ...columns,
      ...stateColumns(),
      ...systemColumns(),
    ],
  };
}
