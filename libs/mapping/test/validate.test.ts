import { expect, test } from '@jest/globals';
import {
  type Filter,
  INITIAL_INGRESS_CONFIGURATION,
  type TableMapping,
} from '@landbridge/contracts';
import { checkStructure, validateIngress, validateMapping } from '../src/index.ts';
import { contact, mapping, profile } from './metadata-builders.ts';

const systems = { tables: { contact }, resources: { profile } };
const validate = (over: Partial<TableMapping>) =>
  validateIngress({ mappings: [mapping(over)] }, systems);
const errors = (over: Partial<TableMapping>) =>
  validate(over)
    .filter(({ severity }) => severity === 'error')
    .map(({ pointer }) => pointer);
const one = (dynamics: string, campaign: string) => ({
  fields: [{ dynamics, campaign, applyUpdates: true }],
});
const filtered = (filter: Filter) => errors({ filter });

test('a longer column than the attribute takes is a warning that names both lengths', () => {
  const findings = validate({});
  expect(findings).toEqual([
    {
      severity: 'warning',
      pointer: '/mappings/0/fields/0/campaign',
      message:
        '"firstname" holds up to 50 characters, "firstName" takes 30; a longer value will be rejected',
    },
  ]);
});

test.each([
  [one('nosuch', 'firstName'), '/mappings/0/fields/0/dynamics'],
  [one('constructor', 'firstName'), '/mappings/0/fields/0/dynamics'],
  [one('hidden', 'firstName'), '/mappings/0/fields/0/dynamics'],
  [one('firstname', 'nosuch'), '/mappings/0/fields/0/campaign'],
  [one('numberofchildren', 'age'), '/mappings/0/fields/0/campaign'],
  [one('firstname', 'externalId'), '/mappings/0/fields/0/campaign'],
  [one('donotemail', 'birthDate'), '/mappings/0/fields/0/campaign'],
  [{ key: { dynamics: 'birthdate', campaign: 'externalId' } }, '/mappings/0/key/dynamics'],
  [{ dynamicsTable: 'toString' }, '/mappings/0/dynamicsTable'],
  [{ campaignResource: 'cusNone' }, '/mappings/0/campaignResource'],
  [
    {
      links: [
        { dynamics: 'parentcustomerid', campaign: 'x', to: 'account', by: 'column' as const },
      ],
    },
    '/mappings/0/links/0/to',
  ],
  [
    { replacements: [{ dynamics: 'gendercode', from: 7, to: 'male' }] },
    '/mappings/0/replacements/0/from',
  ],
  [
    { replacements: [{ dynamics: 'gendercode', from: 1, to: 'divers' }] },
    '/mappings/0/replacements/0/to',
  ],
  [
    { replacements: [{ dynamics: 'birthdate', from: 'x', to: 'y' }] },
    '/mappings/0/replacements/0/dynamics',
  ],
] as const)('%j is refused at %s', (over, pointer) => {
  expect(errors(over as Partial<TableMapping>)).toContain(pointer);
});

test('two sources to one target are refused at the second', () => {
  const fields = ['firstname', 'jobtitle'].map((dynamics) => ({
    dynamics,
    campaign: 'firstName',
    applyUpdates: true,
  }));
  expect(errors({ fields })).toEqual(['/mappings/0/fields/1/campaign']);
});

test('a table or a resource mapped twice is refused without asking either system', () => {
  const pointers = checkStructure({ mappings: [mapping(), mapping()] }).map(
    ({ pointer }) => pointer,
  );
  expect(pointers).toEqual(['/mappings/1/dynamicsTable', '/mappings/1/campaignResource']);
});

test('choices that no member of an enumeration answers to are named, replaced ones are not', () => {
  const neuter = { value: 3, label: 'Divers' };
  const columns = contact.columns.map((column) =>
    column.name === 'gendercode' ? { ...column, options: [...column.options, neuter] } : column,
  );
  const metadata = { ...systems, tables: { contact: { ...contact, columns } } };
  const messages = (over: Partial<TableMapping>) =>
    validateMapping(mapping({ ...one('gendercode', 'gender'), ...over }), metadata);
  expect(messages({})[0]?.message).toMatch(/replaced: 3 Divers$/);
  expect(messages({ replacements: [{ dynamics: 'gendercode', from: 3, to: 'unknown' }] })).toEqual(
    [],
  );
});

test('a table without change tracking is refused', () => {
  const off = { ...systems, tables: { contact: { ...contact, changeTracking: false } } };
  expect(validateIngress({ mappings: [mapping()] }, off)).toContainEqual(
    expect.objectContaining({ severity: 'error', pointer: '/mappings/0/dynamicsTable' }),
  );
});

test('filters are checked for columns, comparisons and values', () => {
  expect(filtered({ all: [{ dynamics: 'nosuch', is: 'empty' }] })).toEqual([
    '/mappings/0/filter/all/0/dynamics',
  ]);
  expect(filtered({ dynamics: 'jobtitle', is: 'gt', value: 'a' })).toEqual([
    '/mappings/0/filter/is',
  ]);
  expect(filtered({ dynamics: 'gendercode', is: 'in', value: [1, 'divers'] })).toEqual([
    '/mappings/0/filter/value/1',
  ]);
  expect(filtered({ dynamics: 'birthdate', is: 'lt', value: 'soon' })).toEqual([
    '/mappings/0/filter/value',
  ]);
  expect(filtered({ dynamics: 'gendercode', is: 'eq', value: 'Female' })).toEqual([]);
  expect(filtered({ dynamics: 'parentcustomerid', is: 'eq', value: 'Contoso' })).toEqual([
    '/mappings/0/filter/value',
  ]);
  expect(filtered({ dynamics: 'jobtitle', is: 'eq', value: ' ' })).toEqual([
    '/mappings/0/filter/value',
  ]);
});

test('for one mapping alone the pointers begin at the mapping', () => {
  const findings = validateMapping(mapping(one('nosuch', 'firstName')), systems);
  expect(findings[0]?.pointer).toBe('/fields/0/dynamics');
});

test('the configuration that every instance begins with has a sound structure', () => {
  expect(checkStructure(INITIAL_INGRESS_CONFIGURATION)).toEqual([]);
});
