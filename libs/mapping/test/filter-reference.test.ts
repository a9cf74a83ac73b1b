import { expect, test } from '@jest/globals';
import type {
  Comparison,
  DynamicsColumnMetadata,
  Filter,
  FilterCondition,
} from '@landbridge/contracts';
import fc from 'fast-check';
import {
  COMPARISONS,
  evaluateFilter,
  filterVerdict,
  type FilterVerdict,
  sourceFamily,
} from '../src/index.ts';
import { column, contact } from './metadata-builders.ts';

/*
 * A second evaluator, written the other way round: three-valued logic over the conditions of a
 * filter by brute force. An open condition is tried as true and as false; a verdict stands where
 * every combination agrees. One that was not read may yet turn out either way, one whose value is
 * unreadable stays as it is: the answer is `unreadable` where only those can turn it.
 */
type Cells = Readonly<Record<string, unknown>>;

/** One kind of column: what it may hold, what it may be compared with, and the plain rule. */
type Kind = {
  column: DynamicsColumnMetadata;
  values: readonly (string | number | boolean)[];
  operands: readonly (string | number | boolean)[];
  /** What is not of the column's type. */
  unreadable: readonly unknown[];
  /** Less than 0, 0, more than 0; for texts, the letters as they are compared. */
  order: (value: string | number | boolean, operand: string | number | boolean) => number;
};

const compare = (left: number | string, right: number | string) =>
  left < right ? -1 : left > right ? 1 : 0;
const LETTERS: Readonly<Record<string, string>> = {
  é: 'e',
  É: 'e',
  Ä: 'a',
  ä: 'a',
  ß: 'ss',
  Ａ: 'a',
};
const plain = (text: unknown) =>
  Array.from(String(text), (letter) => LETTERS[letter] ?? letter.toLowerCase()).join('');
const daysOf = (text: unknown) => String(text).slice(0, 10);
const msOf = (text: unknown) => new Date(String(text)).getTime();

/** A day as operand means any time of it; everything else is one point in time. */
const orderOfTimes = (value: unknown, operand: unknown) =>
  String(operand).length === 10
    ? compare(daysOf(new Date(msOf(value)).toISOString()), daysOf(operand))
    : compare(msOf(value), msOf(operand));

const KINDS: readonly Kind[] = [
  {
    column: column('string', { name: 'a_text' }),
    values: ['Éa', 'ea', 'Straße', 'STRASSE', 'b ', 'B', 'Ａb', '', '  ', 'ab%_'],
    operands: ['EA', 'e', 'ss', 'b', 'ä', 'AB', '%', 'straße'],
    unreadable: [7, true],
    order: (value, operand) => compare(plain(value).trimEnd(), plain(operand).trimEnd()),
  },
  {
    column: column('decimal', { name: 'a_decimal' }),
    values: [0, -0.5, 0.1, 1e10, 0.1000000001, 7],
    operands: [0, '0.10', 0.1, '1e10', '-0.5', 7],
    unreadable: ['1,5', true],
    order: (value, operand) => compare(Number(value), Number(operand)),
  },
  {
    column: column('bigint', { name: 'a_bigint' }),
    values: ['9007199254740993', '9007199254740992', 10_000_000_000_000_000, 5, -5],
    operands: ['9007199254740993', '9007199254740992', '10000000000000000', 5, '4.5', '-5'],
    unreadable: [5.5, 'five', true],
    order: (value, operand) =>
      String(operand).includes('.')
        ? compare(Number(value), Number(operand))
        : Number(BigInt(value) - BigInt(operand)),
  },
  {
    column: column('dateOnly', { name: 'a_day' }),
    values: ['2023-12-31', '2024-01-01', '2024-02-29'],
    operands: ['2023-12-31', '2024-01-01', '2024-03-01'],
    unreadable: ['2023-02-29', 5],
    order: (value, operand) => compare(String(value), String(operand)),
  },
  {
    column: column('dateTime', { name: 'a_time' }),
    values: ['2023-12-31T23:30:00Z', '2024-01-01T00:00:00Z', '2024-01-01T23:59:59Z'],
    operands: ['2024-01-01', '2024-01-01T00:30:00+01:00', '2024-01-01T00:00:00Z', '2023-12-31'],
    unreadable: ['soon', 5],
    order: orderOfTimes,
  },
  {
    column: column('dateTimeIndependent', { name: 'a_clock' }),
    values: ['2023-12-31T23:30:00Z', '2024-01-01T00:00:00Z', '2024-01-01T23:59:59Z'],
    operands: ['2024-01-01', '2024-01-01T00:00:00', '2023-12-31'],
    unreadable: ['soon', 5],
    order: (value, operand) =>
      orderOfTimes(value, String(operand).length === 10 ? operand : `${operand}Z`),
  },
  {
    column: column('boolean', {
      name: 'a_flag',
      options: [
        { value: 1, label: 'Do Not Allow' },
        { value: 0, label: 'Allow' },
      ],
    }),
    values: [true, false],
    operands: [true, 'allow', 0, 'true', 'do not allow'],
    unreadable: [1, 'true'],
    order: (value, operand) => (value === (operand !== 0 && operand !== 'allow') ? 0 : Number.NaN),
  },
  {
    column: column('status', {
      name: 'a_status',
      options: [
        { value: 1, label: 'Open' },
        { value: 30, label: 'Lost' },
        { value: 2, label: '30' },
      ],
    }),
    values: [1, 30, 2],
    operands: ['open', 30, 'Lost', '30'],
    unreadable: ['1', 1.5],
    order: (value, operand) => {
      const meant: Record<string, number> = { open: 1, Lost: 30, '30': 2 };
      const wanted = typeof operand === 'number' ? operand : meant[String(operand)];
      return value === wanted ? 0 : Number.NaN;
    },
  },
  {
    column: column('lookup', { name: 'a_lookup' }),
    values: ['60c4e274-0000-4000-8000-00000000000a', '60c4e274-0000-4000-8000-00000000000b'],
    operands: ['{60C4E274-0000-4000-8000-00000000000A}', '60c4e274-0000-4000-8000-00000000000B'],
    unreadable: [7, ''],
    order: (value, operand) =>
      String(operand).toLowerCase().includes(String(value)) ? 0 : Number.NaN,
  },
];

const HOBBIES = contact.columns.find(({ name }) => name === 'new_hobbies') ?? KINDS[0]?.column;
const table = {
  ...contact,
  columns: [...KINDS.map((kind) => kind.column), ...(HOBBIES === undefined ? [] : [HOBBIES])],
};

const listOf = ({ value }: FilterCondition) =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const isBlank = (value: unknown) =>
  value === null || (typeof value === 'string' && value.trim() === '');

/** What is asked of a value that is there, without any negation. */
function holdsPlainly(
  is: Comparison,
  value: string | number | boolean,
  kind: Kind,
  operands: (string | number | boolean)[],
): boolean {
  const orders = operands.map((operand) => kind.order(value, operand));
  const [first = Number.NaN] = orders;
  const [text, needle] = [plain(value), plain(operands[0])];
  const rules: Partial<Record<Comparison, boolean>> = {
    eq: orders.includes(0),
    in: orders.includes(0),
    gt: first > 0,
    ge: first >= 0,
    lt: first < 0,
    le: first <= 0,
    contains: text.split(needle).length > 1,
    beginsWith: text.slice(0, needle.length) === needle,
    endsWith: text.length >= needle.length && text.slice(text.length - needle.length) === needle,
    empty: false,
  };
  return rules[is] ?? false;
}

const NEGATIONS: readonly (readonly [Comparison, Comparison])[] = [
  ['ne', 'eq'],
  ['notIn', 'in'],
  ['notContains', 'contains'],
  ['notBeginsWith', 'beginsWith'],
  ['notEndsWith', 'endsWith'],
  ['notEmpty', 'empty'],
];
const POSITIVE = new Map(NEGATIONS);

/** Of one condition: an answer, or why there is none. */
function truth(condition: FilterCondition, cells: Cells): boolean | 'notRead' | 'unreadable' {
  const value = cells[condition.dynamics];
  if (value === undefined) return 'notRead';
  const kind = KINDS.find((candidate) => candidate.column.name === condition.dynamics);
  if (kind?.unreadable.includes(value) === true) return 'unreadable';
  const positive = POSITIVE.get(condition.is) ?? condition.is;
  const holds = plainTruth(positive, condition, value);
  return positive === condition.is ? holds : !holds;
}

const isCell = (value: unknown): value is string | number | boolean => typeof value !== 'object';

function plainTruth(is: Comparison, condition: FilterCondition, value: unknown): boolean {
  if (isBlank(value)) return is === 'empty';
  const operands = listOf(condition);
  if (condition.dynamics === HOBBIES?.name) {
    const chosen = String(value).split(',').map(Number);
    const wanted = operands.map((operand) => (operand === 'golf' ? 8 : Number(operand)));
    const common = chosen.filter((choice) => wanted.includes(choice));
    if (is === 'empty') return false;
    return is === 'eq' ? common.length === 1 && chosen.length === 1 : common.length > 0;
  }
  const kind = KINDS.find((candidate) => candidate.column.name === condition.dynamics);
  return kind !== undefined && isCell(value) && holdsPlainly(is, value, kind, operands);
}

function conditionsOf(filter: Filter): FilterCondition[] {
  if ('all' in filter) return filter.all.flatMap(conditionsOf);
  return 'any' in filter ? filter.any.flatMap(conditionsOf) : [filter];
}

function stands(filter: Filter, given: ReadonlyMap<FilterCondition, boolean>): boolean {
  if ('all' in filter) return !filter.all.some((member) => !stands(member, given));
  if ('any' in filter) return filter.any.filter((member) => stands(member, given)).length > 0;
  return given.get(filter) ?? false;
}

type Given = ReadonlyMap<FilterCondition, boolean>;

/** `given` with every combination of answers to the conditions that are `open`. */
const tried = (given: Given, open: readonly FilterCondition[]): Given[] =>
  Array.from({ length: 2 ** open.length }, (_, combination) => {
    const answers = open.map((one, index) => [one, ((combination >> index) & 1) === 1] as const);
    return new Map([...given, ...answers]);
  });

function reference(filter: Filter, cells: Cells): FilterVerdict {
  const conditions = conditionsOf(filter);
  const thatAre = (wanted: ReturnType<typeof truth>) =>
    conditions.filter((condition) => truth(condition, cells) === wanted);
  const known: Given = new Map(conditions.map((one) => [one, truth(one, cells) === true]));
  const answers = tried(known, thatAre('unreadable')).map(
    (given) => new Set(tried(given, thatAre('notRead')).map((all) => stands(filter, all))),
  );
  if (answers.some(({ size }) => size > 1)) return 'undetermined';
  const [first, ...others] = answers.map((one) => one.has(true));
  if (others.some((one) => one !== first)) return 'unreadable';
  return first === true ? 'passes' : 'fails';
}

const conditionOn = (
  { name, type }: DynamicsColumnMetadata,
  operands: readonly (string | number | boolean)[],
): fc.Arbitrary<FilterCondition> =>
  fc.constantFrom(...COMPARISONS[sourceFamily(type)]).chain((is) => {
    const head = { dynamics: name, is };
    if (is === 'empty' || is === 'notEmpty') return fc.constant(head);
    const one = fc.constantFrom(...operands);
    const value: fc.Arbitrary<FilterCondition['value']> =
      is === 'in' || is === 'notIn' ? fc.array(one, { minLength: 1, maxLength: 3 }) : one;
    return value.map((found) => ({ ...head, value: found }));
  });

const condition: fc.Arbitrary<Filter> = fc.oneof(
  ...KINDS.map((kind) => conditionOn(kind.column, kind.operands)),
  ...(HOBBIES === undefined ? [] : [conditionOn(HOBBIES, [2, 3, 'golf'])]),
);
const { filter: filters } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'filters' },
    condition,
    fc.record({ all: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
  ),
}));
const few = filters.filter((filter) => conditionsOf(filter).length <= 8);
const cells: fc.Arbitrary<Cells> = fc.record(
  {
    ...Object.fromEntries(
      KINDS.map(({ column: { name }, values, unreadable }) => [
        name,
        fc.option(
          fc.oneof(
            { weight: 9, arbitrary: fc.constantFrom<unknown>(...values) },
            { weight: 1, arbitrary: fc.constantFrom(...unreadable) },
          ),
        ),
      ]),
    ),
    new_hobbies: fc.option(fc.constantFrom('2', '8', '2,8', '3,2', '')),
  },
  { requiredKeys: [] },
);

test('filters judge records of every column type as the brute-force evaluator does', () => {
  fc.assert(
    fc.property(few, cells, (filter, record) => {
      expect(filterVerdict(filter, record, table)).toBe(reference(filter, record));
    }),
    { numRuns: 1_500 },
  );
});

test('the conditions that are named are enough for the verdict: nothing else can turn it', () => {
  fc.assert(
    fc.property(few, cells, (filter, record) => {
      const { verdict, because, deciding } = evaluateFilter(filter, record, table);
      expect(verdict).toBe(filterVerdict(filter, record, table));
      expect(deciding).toEqual(because.length === 1 ? because[0] : null);
      if (verdict === 'undetermined' || verdict === 'unreadable') return;
      const named = new Set(because.map((placed) => placed.condition.dynamics));
      const only = Object.fromEntries(Object.entries(record).filter(([name]) => named.has(name)));
      expect(filterVerdict(filter, only, table)).toBe(verdict);
    }),
    { numRuns: 500 },
  );
});

test('of a comparison and its negation exactly one holds, for an empty column as well', () => {
  fc.assert(
    fc.property(condition, cells, (one, record) => {
      if (!('dynamics' in one)) return;
      const [negation] = NEGATIONS.find(([, positive]) => positive === one.is) ?? [];
      if (negation === undefined) return;
      const verdict = filterVerdict(one, record, table);
      const negated = filterVerdict({ ...one, is: negation }, record, table);
      const opposite = verdict === 'passes' ? 'fails' : verdict === 'fails' ? 'passes' : verdict;
      expect(negated).toBe(opposite);
    }),
  );
});
