import { describe, expect, test } from '@jest/globals';
import type { Filter } from '@landbridge/contracts';
import fc from 'fast-check';
import { evaluateFilter } from '../src/index.ts';
import { contact } from './metadata-builders.ts';

const verdict = (filter: Filter, columns: Record<string, unknown>) =>
  evaluateFilter(filter, columns, contact).verdict;

describe('examples by type', () => {
  test.each([
    ['jobtitle', 'eq', 'manager', 'Manager'],
    ['jobtitle', 'contains', 'AGE', 'Manager'],
    ['jobtitle', 'beginsWith', 'man', 'Manager'],
    ['jobtitle', 'endsWith', 'GER', 'Manager'],
    ['jobtitle', 'notContains', 'x', 'Manager'],
    ['jobtitle', 'in', ['clerk', 'manager'], 'Manager'],
    ['numberofchildren', 'ge', 2, 2],
    ['annualincome', 'lt', 100.5, 100],
    ['birthdate', 'lt', '1980-05-18', '1980-05-17'],
    ['lastonholdtime', 'eq', '2024-01-31T12:00:00+02:00', '2024-01-31T10:00:00Z'],
    ['lastonholdtime', 'ge', '2024-01-31', '2024-01-31T00:00:00Z'],
    ['lastonholdtime', 'eq', '2024-01-31', '2024-01-31T15:00:00Z'],
    ['lastonholdtime', 'le', '2024-01-31', '2024-01-31T23:59:59Z'],
    ['new_appointment', 'eq', '2024-01-31', '2024-01-31T15:00:00Z'],
    ['jobtitle', 'eq', 'cafe', 'Café'],
    ['jobtitle', 'notBeginsWith', 'clerk', 'Manager'],
    ['jobtitle', 'notEndsWith', 'man', 'Manager'],
    ['new_appointment', 'eq', '2024-01-31T10:00:00', '2024-01-31T10:00:00Z'],
    ['gendercode', 'eq', 2, 2],
    ['gendercode', 'eq', 'female', 2],
    ['gendercode', 'notIn', ['Male'], 2],
    ['donotemail', 'eq', true, true],
    ['donotemail', 'eq', 'Do Not Allow', true],
    ['new_hobbies', 'contains', 'Golf', '2,8'],
    ['new_hobbies', 'in', [3, 8], '2,8'],
    ['new_hobbies', 'eq', 2, '2'],
    [
      'parentcustomerid',
      'eq',
      '{77AA0000-0000-4000-8000-000000000001}',
      '77aa0000-0000-4000-8000-000000000001',
    ],
  ] as const)('%s %s %p holds for %p', (dynamics, is, value, actual) => {
    const operand = typeof value === 'object' ? [...value] : value;
    expect(verdict({ dynamics, is, value: operand }, { [dynamics]: actual })).toBe('passes');
  });

  test('an empty column is unequal to everything, contains nothing and is not greater or less', () => {
    const onNull = (filter: Filter) => verdict(filter, { jobtitle: null, numberofchildren: null });
    expect(onNull({ dynamics: 'jobtitle', is: 'ne', value: 'x' })).toBe('passes');
    expect(onNull({ dynamics: 'jobtitle', is: 'notContains', value: 'x' })).toBe('passes');
    expect(onNull({ dynamics: 'jobtitle', is: 'notIn', value: ['x'] })).toBe('passes');
    expect(onNull({ dynamics: 'jobtitle', is: 'eq', value: 'x' })).toBe('fails');
    expect(onNull({ dynamics: 'numberofchildren', is: 'le', value: 5 })).toBe('fails');
    expect(onNull({ dynamics: 'jobtitle', is: 'empty' })).toBe('passes');
    expect(onNull({ dynamics: 'jobtitle', is: 'notEmpty' })).toBe('fails');
  });

  test('a value that is not of its type is neither empty nor equal: it is named', () => {
    const unreadable = { numberofchildren: 'two' };
    for (const is of ['empty', 'notEmpty'] as const) {
      const decision = evaluateFilter({ dynamics: 'numberofchildren', is }, unreadable, contact);
      expect(decision).toMatchObject({
        verdict: 'unreadable',
        deciding: { condition: { dynamics: 'numberofchildren' } },
      });
    }
    const clerks: Filter = { dynamics: 'jobtitle', is: 'eq', value: 'Clerk' };
    const few: Filter = { dynamics: 'numberofchildren', is: 'lt', value: 3 };
    expect(verdict({ any: [few, clerks] }, { ...unreadable, jobtitle: 'Clerk' })).toBe('passes');
    expect(verdict({ any: [few, clerks] }, { ...unreadable, jobtitle: 'Baker' })).toBe(
      'unreadable',
    );
    expect(verdict({ all: [few, clerks] }, { ...unreadable, jobtitle: 'Baker' })).toBe('fails');
    expect(verdict({ all: [few, clerks] }, unreadable)).toBe('undetermined');
  });

  test('a column that was not read leaves the answer open, unless another settles it', () => {
    const open: Filter = { dynamics: 'jobtitle', is: 'eq', value: 'x' };
    const failing: Filter = { dynamics: 'numberofchildren', is: 'gt', value: 5 };
    expect(verdict(open, {})).toBe('undetermined');
    expect(verdict({ all: [open, failing] }, { numberofchildren: 1 })).toBe('fails');
    expect(verdict({ any: [open, failing] }, { numberofchildren: 1 })).toBe('undetermined');
    expect(verdict({ any: [open, failing] }, { numberofchildren: 9 })).toBe('passes');
  });

  test('the deciding condition is named by its pointer', () => {
    const filter: Filter = {
      all: [
        { dynamics: 'numberofchildren', is: 'ge', value: 0 },
        { any: [{ dynamics: 'jobtitle', is: 'eq', value: 'x' }] },
      ],
    };
    const decision = evaluateFilter(filter, { numberofchildren: 1, jobtitle: 'y' }, contact);
    expect(decision).toMatchObject({ verdict: 'fails', deciding: { pointer: '/all/1/any/0' } });
  });
});

const hangul = fc.string({
  unit: fc.integer({ min: 0xac00, max: 0xd7a3 }).map((code) => String.fromCodePoint(code)),
  minLength: 1,
  maxLength: 4,
});

test('a syllable of Hangul or Kana is one letter: text is found by whole ones', () => {
  const holds = (is: 'beginsWith' | 'contains' | 'endsWith' | 'eq', value: string, text: string) =>
    verdict({ dynamics: 'jobtitle', is, value }, { jobtitle: text }) === 'passes';
  expect(holds('beginsWith', '이', '임꺽정')).toBe(false);
  expect(holds('beginsWith', 'ㄱ', '가나')).toBe(false);
  expect(holds('contains', 'か', 'がくせい')).toBe(false);
  expect(holds('eq', '임꺽정', '임꺽정'.normalize('NFD'))).toBe(true);
  fc.assert(
    fc.property(hangul, hangul, (text, part) => {
      for (const found of [part, part.slice(0, 1), text.slice(0, 1), text.slice(-1)]) {
        expect(holds('beginsWith', found, text)).toBe(text.startsWith(found));
        expect(holds('endsWith', found, text)).toBe(text.endsWith(found));
        expect(holds('contains', found, text)).toBe(text.includes(found));
      }
    }),
  );
});

/** The same rules, written down as naively as possible and for two columns alone. */
function naive(
  filter: Filter,
  columns: { jobtitle: string | null; numberofchildren: number | null },
): boolean {
  if ('all' in filter) return filter.all.map((member) => naive(member, columns)).every(Boolean);
  if ('any' in filter) return filter.any.map((member) => naive(member, columns)).some(Boolean);
  const actual = filter.dynamics === 'jobtitle' ? columns.jobtitle : columns.numberofchildren;
  const blank = actual === null || actual === '';
  const fold = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value);
  const list = (Array.isArray(filter.value) ? filter.value : [filter.value]).map(fold);
  const text = String(fold(actual));
  const first = String(list[0]);
  const among = !blank && list.includes(fold(actual));
  const rules: Record<string, boolean> = {
    eq: among,
    in: among,
    ne: !among,
    notIn: !among,
    gt: !blank && Number(actual) > Number(list[0]),
    ge: !blank && Number(actual) >= Number(list[0]),
    lt: !blank && Number(actual) < Number(list[0]),
    le: !blank && Number(actual) <= Number(list[0]),
    contains: !blank && text.includes(first),
    notContains: blank || !text.includes(first),
    beginsWith: !blank && text.startsWith(first),
    endsWith: !blank && text.endsWith(first),
    empty: blank,
    notEmpty: !blank,
  };
  return rules[filter.is] ?? false;
}

const words = fc.constantFrom('a', 'A', 'ab', 'Bc', 'abc', 'ß');
const small = fc.integer({ min: -2, max: 2 });
const condition: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    dynamics: fc.constant('jobtitle'),
    is: fc.constantFrom('eq', 'ne', 'contains', 'notContains', 'beginsWith', 'endsWith'),
    value: words,
  }),
  fc.record({
    dynamics: fc.constant('numberofchildren'),
    is: fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'),
    value: small,
  }),
  fc.record({
    dynamics: fc.constant('jobtitle'),
    is: fc.constantFrom('in', 'notIn'),
    value: fc.array(words, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    dynamics: fc.constantFrom('jobtitle', 'numberofchildren'),
    is: fc.constantFrom('empty', 'notEmpty'),
  }),
);
const { filter: filters } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    condition,
    fc.record({ all: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
  ),
}));
const records = fc.record({
  jobtitle: fc.option(fc.oneof(words, fc.constant(''))),
  numberofchildren: fc.option(small),
});

test('every filter judges every record as the naive evaluator does', () => {
  fc.assert(
    fc.property(filters, records, (filter, columns) => {
      expect(verdict(filter, columns)).toBe(naive(filter, columns) ? 'passes' : 'fails');
    }),
    { numRuns: 3_000 },
  );
});

test('reading fewer columns never turns one verdict into the other', () => {
  fc.assert(
    fc.property(filters, records, fc.boolean(), (filter, columns, dropTitle) => {
      const { jobtitle, numberofchildren } = columns;
      const partial = verdict(filter, dropTitle ? { numberofchildren } : { jobtitle });
      if (partial !== 'undetermined') expect(partial).toBe(verdict(filter, columns));
    }),
  );
});
