import type { Filter, TableMapping } from '@landbridge/contracts';

/** Every column named by the conditions of `filter`, in order, each once. */
export function filterColumns(filter: Filter): string[] {
  const nested = 'all' in filter ? filter.all : 'any' in filter ? filter.any : null;
  const names = nested === null ? [] : nested.flatMap(filterColumns);
  if ('dynamics' in filter) names.push(filter.dynamics);
  return [...new Set(names)];
}

/**
 * The columns that must be read for `mapping`: key, mapped columns, filter. Sorted, each once, by
 * logical name, so that equal sets are equal lists (the set is part of a reader's cursor).
 */
export function columnsOf(mapping: TableMapping): string[] {
  const names = [
    mapping.key.dynamics,
    ...mapping.fields.map((field) => field.dynamics),
    ...mapping.links.map((link) => link.dynamics),
    ...(mapping.filter === null ? [] : filterColumns(mapping.filter)),
  ];
  return [...new Set(names)].sort();
}
