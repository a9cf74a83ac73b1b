import type { DynamicsTableMetadata, Filter, FilterCondition } from '@landbridge/contracts';
import { COMPARISONS } from './filter-comparison.ts';
import { readOperand } from './filter-operand.ts';
import { error, type Finding } from './finding.ts';
import { columnNamed } from './metadata-index.ts';
import { sourceFamily } from './type-pairs.ts';

const DEPTH_MAX = 10;

/** Unknown columns, comparisons that a type does not know, values that are not of the type. */
export function validateFilter(
  filter: Filter,
  table: DynamicsTableMetadata,
  pointer: string,
  depth = 1,
): Finding[] {
  if (depth > DEPTH_MAX) {
    return [error(pointer, `filters nest at most ${DEPTH_MAX} deep`)];
  }
  const nested = (members: Filter[], name: 'all' | 'any') =>
    members.flatMap((member, index) =>
      validateFilter(member, table, `${pointer}/${name}/${index}`, depth + 1),
    );
  if ('all' in filter) return nested(filter.all, 'all');
  if ('any' in filter) return nested(filter.any, 'any');
  return validateCondition(filter, table, pointer);
}

function validateCondition(
  condition: FilterCondition,
  table: DynamicsTableMetadata,
  pointer: string,
): Finding[] {
  const column = columnNamed(table, condition.dynamics);
  if (column === undefined) {
    return [
      error(
        `${pointer}/dynamics`,
        `the column "${condition.dynamics}" does not exist in "${table.table}"`,
      ),
    ];
  }
  if (!column.readable) {
    return [error(`${pointer}/dynamics`, `the column "${column.name}" cannot be read`)];
  }
  if (!COMPARISONS[sourceFamily(column.type)].includes(condition.is)) {
    return [
      error(`${pointer}/is`, `"${condition.is}" does not fit a column of type ${column.type}`),
    ];
  }
  const operands = Array.isArray(condition.value)
    ? condition.value.map((value, index) => ({ value, pointer: `${pointer}/value/${index}` }))
    : condition.value === undefined
      ? []
      : [{ value: condition.value, pointer: `${pointer}/value` }];
  return operands.flatMap((operand) =>
    isUnknownOption(operand.value) || readOperand(operand.value, column) === null
      ? [error(operand.pointer, operandMessage(operand.value))]
      : [],
  );

  function isUnknownOption(value: string | number | boolean): boolean {
    const options = column?.options ?? [];
    if (options.length === 0 || column === undefined) return false;
    const read = readOperand(value, column);
    return !options.some((option) => option.value === read?.low);
  }

  function operandMessage(value: string | number | boolean): string {
    const options = (column?.options ?? [])
      .slice(0, 20)
      .map((option) => `${option.value} ${option.label}`);
    return options.length > 0
      ? `${JSON.stringify(value)} is not an option of "${condition.dynamics}"; it has ${options.join(', ')}`
      : `${JSON.stringify(value)} cannot be compared with a column of type ${column?.type ?? 'other'}`;
  }
}
