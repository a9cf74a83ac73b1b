import type { CellValue } from './dataverse-control.ts';
import type { Comparison, FilterNode, Literal, Operand } from './odata-filter.ts';

export type FieldKind = 'text' | 'guid' | 'date' | 'number' | 'boolean' | 'enum' | 'choices';

/** A property that a filter names: its kind and how to read it from a row. */
export type Field<Row> = { kind: FieldKind; get: (row: Row) => CellValue };

/** True, false, or null where the comparison met a null. */
type Verdict = boolean | null;

/** Operands whose types cannot be compared. */
export class FilterTypeError extends Error {
  override readonly name = 'FilterTypeError';
}

const EDM: Record<FieldKind | 'null', string> = {
  text: 'Edm.String',
  guid: 'Edm.Guid',
  date: 'Edm.DateTimeOffset',
  number: 'Edm.Int32',
  boolean: 'Edm.Boolean',
  enum: 'Edm.Enum',
  choices: 'Edm.String',
  null: 'null',
};

const OPERATORS: Record<Comparison, string> = {
  eq: 'Equal',
  ne: 'NotEqual',
  gt: 'GreaterThan',
  ge: 'GreaterThanOrEqual',
  lt: 'LessThan',
  le: 'LessThanOrEqual',
};

/**
 * Turns a filter into a test of rows. A condition that meets null is not true, nor is its opposite.
 * `fieldOf` finds a property or throws. Throws  FilterTypeError.
 */
export function filterTest<Row>(
  node: FilterNode,
  fieldOf: (path: string) => Field<Row>,
): (row: Row) => boolean {
  const test = verdictOf(node, fieldOf);
  return (row) => test(row) === true;
}

function verdictOf<Row>(
  node: FilterNode,
  fieldOf: (path: string) => Field<Row>,
): (row: Row) => Verdict {
  switch (node.kind) {
    case 'and': {
      const [left, right] = [verdictOf(node.left, fieldOf), verdictOf(node.right, fieldOf)];
      return (row) => {
        const first = left(row);
        if (first === false) return false;
        const second = right(row);
        return second === false ? false : first === null ? null : second;
      };
    }
    case 'or': {
      const [left, right] = [verdictOf(node.left, fieldOf), verdictOf(node.right, fieldOf)];
      return (row) => {
        const first = left(row);
        if (first === true) return true;
        const second = right(row);
        return second === true ? true : first === null ? null : second;
      };
    }
    case 'not': {
      const inner = verdictOf(node.node, fieldOf);
      return (row) => {
        const verdict = inner(row);
        return verdict === null ? null : !verdict;
      };
    }
    case 'compare':
      return comparison(node.op, node.left, node.right, fieldOf);
    case 'text': {
      const { get } = fieldOf(node.path);
      const wanted = node.value.toLowerCase();
      return (row) => {
        const value = get(row);
        return value === null ? null : TEXT_TESTS[node.fn](String(value).toLowerCase(), wanted);
      };
    }
    case 'query':
      return queryTest(node.fn, fieldOf(node.path), node.values);
  }
}

const TEXT_TESTS = {
  contains: (value: string, wanted: string) => value.includes(wanted),
  startswith: (value: string, wanted: string) => value.startsWith(wanted),
  endswith: (value: string, wanted: string) => value.endsWith(wanted),
};

function comparison<Row>(
  op: Comparison,
  left: Operand,
  right: Operand,
  fieldOf: (path: string) => Field<Row>,
): (row: Row) => Verdict {
  const [a, b] = [fieldFrom(left, fieldOf), fieldFrom(right, fieldOf)];
  if (!comparable(a.kind, b.kind)) {
    throw new FilterTypeError(
      `A binary operator with incompatible types was detected. Found operand types ` +
        `'${EDM[a.kind]}' and '${EDM[b.kind]}' for operator kind '${OPERATORS[op]}'.`,
    );
  }
  if (a.kind === 'null' || b.kind === 'null') {
    const { get } = a.kind === 'null' ? b : a;
    return (row) => (op === 'eq' ? get(row) === null : op === 'ne' ? get(row) !== null : null);
  }
  const kind = a.kind === 'date' || b.kind === 'date' ? 'date' : a.kind;
  const fixed = right.kind === 'literal' ? rankOf(kind, right.literal.value) : null;
  return (row) => {
    const x = rankOf(kind, a.get(row));
    const y = fixed ?? rankOf(kind, b.get(row));
    if (x === null || y === null) return null;
    return ORDER[op](x < y ? -1 : x > y ? 1 : 0);
  };
}

const ORDER: Record<Comparison, (sign: number) => boolean> = {
  eq: (sign) => sign === 0,
  ne: (sign) => sign !== 0,
  gt: (sign) => sign > 0,
  ge: (sign) => sign >= 0,
  lt: (sign) => sign < 0,
  le: (sign) => sign <= 0,
};

/** A value in a form whose order is the platform's: text without case, moments as numbers. */
export function rankOf(kind: FieldKind, value: CellValue): string | number | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (kind === 'date') return Date.parse(String(value));
  return typeof value === 'number' ? value : value.toLowerCase();
}

function fieldFrom<Row>(
  operand: Operand,
  fieldOf: (path: string) => Field<Row>,
): { kind: FieldKind | 'null'; get: (row: Row) => CellValue } {
  if (operand.kind === 'path') return fieldOf(operand.path);
  const { literal } = operand;
  return { kind: literal.kind, get: () => literal.value };
}

function comparable(a: FieldKind | 'null', b: FieldKind | 'null'): boolean {
  if (a === b || a === 'null' || b === 'null') return true;
  const pair = new Set([a, b]);
  return pair.has('text') && (pair.has('choices') || pair.has('enum'));
}

function queryTest<Row>(fn: string, field: Field<Row>, values: string[]): (row: Row) => Verdict {
  const { kind, get } = field;
  const ranks = values.map((value) => rankOf(kind, kind === 'number' ? Number(value) : value));
  const wanted = new Set(
    kind === 'boolean' ? values.map((value) => (value === '1' || value === 'true' ? 1 : 0)) : ranks,
  );
  const within = (row: Row): Verdict => {
    const rank = rankOf(kind, get(row));
    const [low = null, high = null] = ranks;
    return rank === null || low === null || high === null ? null : rank >= low && rank <= high;
  };
  const chosen = (row: Row): Verdict => {
    const value = get(row);
    if (value === null) return null;
    const have = String(value).split(',');
    return values.some((one) => have.includes(one));
  };
  const among = (row: Row): Verdict => {
    const rank = rankOf(kind, get(row));
    return rank === null ? null : wanted.has(rank);
  };
  const tests: Record<string, (row: Row) => Verdict> = {
    In: among,
    Between: within,
    ContainValues: chosen,
    NotIn: (row) => opposite(among(row)),
    NotBetween: (row) => opposite(within(row)),
    DoesNotContainValues: (row) => opposite(chosen(row)),
  };
  return tests[fn] ?? (() => null);
}

function opposite(verdict: Verdict): Verdict {
  return verdict === null ? null : !verdict;
}

/** The ids that a filter confines its rows to, where it does so by equality; else null. */
export function idsNamed(node: FilterNode, primaryId: string): Set<string> | null {
  switch (node.kind) {
    case 'compare':
      return node.op === 'eq' ? idOf(node.left, node.right, primaryId) : null;
    case 'query':
      return node.fn === 'In' && node.path === primaryId
        ? new Set(node.values.map((value) => value.toLowerCase()))
        : null;
    case 'and':
      return idsNamed(node.left, primaryId) ?? idsNamed(node.right, primaryId);
    case 'or': {
      const [left, right] = [idsNamed(node.left, primaryId), idsNamed(node.right, primaryId)];
      return left === null || right === null ? null : new Set([...left, ...right]);
    }
    default:
      return null;
  }
}

function idOf(left: Operand, right: Operand, primaryId: string): Set<string> | null {
  return left.kind === 'path' &&
    left.path === primaryId &&
    right.kind === 'literal' &&
    right.literal.kind === 'guid'
    ? new Set([right.literal.value])
    : null;
}

/** The moment before which a filter lets no row through by `modifiedon`; else null. Units: ms. */
export function modifiedFloor(node: FilterNode): number | null {
  if (node.kind === 'and') {
    const [left, right] = [modifiedFloor(node.left), modifiedFloor(node.right)];
    return left === null ? right : right === null ? left : Math.max(left, right);
  }
  if (node.kind !== 'compare' || (node.op !== 'ge' && node.op !== 'gt')) return null;
  const literal: Literal | null = node.right.kind === 'literal' ? node.right.literal : null;
  const isModified = node.left.kind === 'path' && node.left.path === 'modifiedon';
  return isModified && literal?.kind === 'date' ? Date.parse(literal.value) : null;
}
