import type { DynamicsTableMetadata, Filter, FilterCondition } from '@landbridge/contracts';
import { compileCondition } from './filter-comparison.ts';
import type { SourceColumns } from './map-record.ts';
import { columnNamed } from './metadata-index.ts';
import type { MappingRejection } from './reject-reason.ts';

/**
 * `undetermined`: a column that the answer hangs on was not read, so there is no answer.
 * `unreadable`: all of them were read, and one holds a value that is not of its type.
 */
export type FilterVerdict = 'passes' | 'fails' | 'undetermined' | 'unreadable';

/** A condition with its JSON pointer inside the filter. */
export type PlacedCondition = { pointer: string; condition: FilterCondition };

/**
 * Shape   `deciding` is the condition that settled the verdict; null where several were needed, or
 *         where there is no filter. `because` names all that were needed: the one, or every member
 *         of an Or that failed or of an And that passed. Without an answer, what is open.
 */
export type FilterDecision = {
  verdict: FilterVerdict;
  deciding: PlacedCondition | null;
  because: readonly PlacedCondition[];
};

type Judged = { verdict: FilterVerdict; because: readonly PlacedCondition[] };

/** A filter made ready for one table's metadata. `verdict` alone is the fast way. */
type CompiledFilter = {
  verdict: (columns: SourceColumns) => FilterVerdict;
  judge: (columns: SourceColumns) => Judged;
};

const compiledFilters = new WeakMap<DynamicsTableMetadata, WeakMap<Filter, CompiledFilter>>();

/** Whether a record passes `filter` (null: every record does). Null behaves as docs/filters.md says. */
export function filterVerdict(
  filter: Filter | null,
  columns: SourceColumns,
  table: DynamicsTableMetadata,
): FilterVerdict {
  return filter === null ? 'passes' : compiled(filter, table).verdict(columns);
}

/** The same, with the conditions that decided it: for people, who ask about one record. */
export function evaluateFilter(
  filter: Filter | null,
  columns: SourceColumns,
  table: DynamicsTableMetadata,
): FilterDecision {
  if (filter === null) return { verdict: 'passes', deciding: null, because: [] };
  const { verdict, because } = compiled(filter, table).judge(columns);
  const [first = null, second] = because;
  return { verdict, deciding: second === undefined ? first : null, because };
}

/** Why `filter` cannot judge a record; null where the verdict is any but `unreadable`. */
export function filterRejection(
  filter: Filter | null,
  columns: SourceColumns,
  table: DynamicsTableMetadata,
): MappingRejection | null {
  const { verdict, deciding } = evaluateFilter(filter, columns, table);
  if (verdict !== 'unreadable' || deciding === null) return null;
  const { dynamics } = deciding.condition;
  return {
    code: 'valueUnreadable',
    field: dynamics,
    message: `${dynamics}: the value is not of the column’s type, so the filter cannot judge the record`,
  };
}

/** Compiled once per filter and metadata: operands are parsed and columns looked up only then. */
function compiled(filter: Filter, table: DynamicsTableMetadata): CompiledFilter {
  let filters = compiledFilters.get(table);
  if (filters === undefined) {
    filters = new WeakMap();
    compiledFilters.set(table, filters);
  }
  let found = filters.get(filter);
  if (found === undefined) {
    found = compile(filter, '', table);
    filters.set(filter, found);
  }
  return found;
}

function compile(filter: Filter, pointer: string, table: DynamicsTableMetadata): CompiledFilter {
  const members = (filters: Filter[], name: 'all' | 'any') =>
    filters.map((member, index) => compile(member, `${pointer}/${name}/${index}`, table));
  if ('all' in filter) return compileGroup(members(filter.all, 'all'), 'fails');
  if ('any' in filter) return compileGroup(members(filter.any, 'any'), 'passes');
  return compileOne({ pointer, condition: filter }, table);
}

function compileOne(placed: PlacedCondition, table: DynamicsTableMetadata): CompiledFilter {
  const { condition } = placed;
  const column = columnNamed(table, condition.dynamics);
  const test = column === undefined ? null : compileCondition(condition, column);
  const verdict = (columns: SourceColumns): FilterVerdict => {
    const value = columns[condition.dynamics];
    if (test === null || value === undefined) return 'undetermined';
    const holds = test(value);
    if (holds === 'unreadable') return holds;
    return holds ? 'passes' : 'fails';
  };
  const because = [placed];
  return { verdict, judge: (columns) => ({ verdict: verdict(columns), because }) };
}

/** `settles`: the verdict of one member that decides the whole group. */
function compileGroup(
  members: readonly CompiledFilter[],
  settles: 'passes' | 'fails',
): CompiledFilter {
  const otherwise = settles === 'passes' ? 'fails' : 'passes';
  return {
    verdict: (columns) => {
      let answer: FilterVerdict = otherwise;
      for (const member of members) {
        const verdict = member.verdict(columns);
        if (verdict === settles) return settles;
        if (verdict === 'undetermined') answer = verdict;
        if (verdict === 'unreadable' && answer === otherwise) answer = verdict;
      }
      return answer;
    },
    judge: (columns) => {
      const judged = members.map((member) => member.judge(columns));
      const settling = judged.find(({ verdict }) => verdict === settles);
      if (settling !== undefined) return settling;
      const open =
        judged.find(({ verdict }) => verdict === 'undetermined') ??
        judged.find(({ verdict }) => verdict === 'unreadable');
      return open ?? { verdict: otherwise, because: judged.flatMap(({ because }) => because) };
    },
  };
}
