import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { filterTest, type Field } from '../src/dataverse/filter-test.ts';
import { parseFilter } from '../src/dataverse/odata-filter.ts';
import { ordinalOfRowId, rowId } from '../src/dataverse/row-id.ts';
import { ordinalOf, pkeyOf } from '../src/campaign/pkey.ts';

type Person = { name: string | null; age: number | null; vip: boolean; born: string; tags: string };

const kinds = {
  name: 'text',
  age: 'number',
  vip: 'boolean',
  born: 'date',
  tags: 'choices',
} as const;

const fieldOf = (path: string): Field<Person> => ({
  kind: kinds[path as keyof Person],
  get: (person) => person[path as keyof Person],
});

const ada: Person = {
  name: "Ada O'Brien",
  age: 36,
  vip: true,
  born: '1815-12-10T00:00:00Z',
  tags: '2,3,8',
};

const passes = (expression: string, person: Person = ada): boolean =>
  filterTest(parseFilter(expression, new Map([['@n', "'ada o''brien'"]])), fieldOf)(person);

test.each([
  ["name eq 'ADA O''BRIEN'"],
  ['name eq @n'],
  ['age ge 36 and age lt 37'],
  ['vip eq true or age eq 1'],
  ["not contains(name,'grace')"],
  ["startswith(name,'ada') and endswith(name,'brien')"],
  ['born ge 1815-12-10T00:00:00Z'],
  ['born lt 1815-12-11'],
  ["Microsoft.Dynamics.CRM.In(PropertyName='age',PropertyValues=['1','36'])"],
  ["Microsoft.Dynamics.CRM.Between(PropertyName='age',PropertyValues=['30','40'])"],
  ["Microsoft.Dynamics.CRM.ContainValues(PropertyName='tags',PropertyValues=['9','8'])"],
  ['(vip eq false or age eq 36) and not (age eq 35)'],
])('%s lets Ada through', (expression) => {
  expect(passes(expression)).toBe(true);
});

test('a condition that meets null is not true, and neither is its opposite', () => {
  const nobody = { ...ada, name: null };
  expect(passes("name ne 'x'", nobody)).toBe(false);
  expect(passes("not (name eq 'x')", nobody)).toBe(false);
  expect(passes("name ne 'x' or name eq null", nobody)).toBe(true);
});

test.each([
  'name eq',
  "name like 'x'",
  'age add 1 eq 2',
  'year(born) eq 1815',
  "name eq 'x",
  '(vip eq true',
])('%s is refused', (expression) => {
  expect(() => passes(expression)).toThrow();
});

test('text cannot be compared with a number', () => {
  expect(() => passes('name eq 3')).toThrow(/incompatible types/);
});

test('ids lead back to their rows, and nothing else does', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer(), (ordinal, salt) => {
      expect(ordinalOfRowId(salt, rowId(salt, ordinal))).toBe(ordinal);
      expect(ordinalOf(salt, pkeyOf(salt, ordinal))).toBe(ordinal);
    }),
  );
  fc.assert(fc.property(fc.uuid(), (id) => ordinalOfRowId(1, id) === null));
});
