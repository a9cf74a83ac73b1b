import { expect, test } from '@jest/globals';
import { enumerationValuesOf } from '../src/enumeration-values.ts';
import { keyFilterOf } from '../src/probe-addressing.ts';
import { fieldsOf, filtersOf, RawResource, summariesOf } from '../src/resource-metadata.ts';

const fields = (content: Record<string, unknown>, schema = 'nms:recipient') =>
  fieldsOf(RawResource.parse({ schema, content }));
const fieldNamed = (node: object) => fields({ x: node })[0]!;

test.each([
  ['string', 'string', 'string'],
  ['string', 'memo', 'memo'],
  ['string', 'html', 'memo'],
  ['number', 'byte', 'byte'],
  ['number', 'short', 'short'],
  ['number', 'long', 'long'],
  ['number', 'int64', 'long'],
  ['number', 'float', 'float'],
  ['number', 'double', 'double'],
  ['number', '', 'double'],
  ['boolean', 'boolean', 'boolean'],
  ['boolean', 'byte', 'boolean'],
  ['date', 'date', 'date'],
  ['date', 'datetime', 'datetime'],
  ['datetime', 'datetime', 'datetime'],
  ['enumeration', 'byte', 'enumeration'],
  ['link', 'link', 'link'],
  ['collection', 'link', 'collection'],
  ['blob', 'blob', 'other'],
  ['constructor', 'toString', 'other'],
])('type %s with technical type "%s" is %s', (type, resType, expected) => {
  expect(fieldNamed({ apiName: 'x', type, resType }).type).toBe(expected);
});

test('a link that is unbound is a collection', () => {
  const link = { apiName: 'x', type: 'link', resType: 'link', resTarget: 'service' };
  expect(fieldNamed({ ...link, unbound: false })).toMatchObject({
    type: 'link',
    target: 'service',
  });
  expect(fieldNamed({ ...link, unbound: 'true' })).toMatchObject({ type: 'collection' });
});

test('lengths are text; flags may be', () => {
  const node = { apiName: 'x', type: 'string', resType: 'string', label: 'Promo' };
  expect(fieldNamed({ ...node, length: '127', mandatory: 'true', readOnly: true })).toEqual({
    name: 'x',
    label: 'Promo',
    type: 'string',
    lengthMax: 127,
    mandatory: true,
    readOnly: true,
    values: [],
    target: null,
  });
  for (const length of ['', '0', 'long', null]) {
    expect(fieldNamed({ ...node, length }).lengthMax).toBeNull();
  }
});

test('sub-objects are dotted and left out themselves', () => {
  const city = { apiName: 'city', type: 'string', resType: 'string', length: '100' };
  const content = {
    location: { apiName: 'location', type: 'item', content: { city } },
    email: { apiName: 'email', type: 'string', resType: 'string' },
  };
  expect(fields(content).map(({ name }) => name)).toEqual(['email', 'location.city']);
});

test("a profile's location is known where the metadata does not write it out", () => {
  const location = { apiName: 'location', type: 'item', href: 'https://x/' };
  expect(fields({ location }).map(({ name }) => name)).toContain('location.city');
  expect(fields({ location }, 'cus:vehicle')).toEqual([]);
});

test('what is no attribute is passed over', () => {
  expect(fields({ a: null, b: 'text', c: [] })).toEqual([]);
});

const male = { name: 'male', label: 'Male' };
const female = { name: 'female', label: 'Female' };
test.each([
  [
    'a list',
    [
      { ...male, value: 1 },
      { ...female, value: 2 },
    ],
  ],
  ['an object by name', { male: { label: 'Male', value: '1' }, female: { label: 'Female' } }],
  ['an object of whole choices', { male: { ...male, value: 1 }, female }],
  ['an object of labels', { male: 'Male', female: 'Female' }],
  ['a list one deeper', { items: [male, female] }],
  ['an object one deeper', { content: { male, female } }],
  ['a list two deeper', { values: { value: [male, female] } }],
])('choices are read from %s', (_, node) => {
  expect(enumerationValuesOf(node)).toEqual([male, female]);
});

test('choices without labels bear their names; nonsense is none', () => {
  expect(enumerationValuesOf(['a', 'b'])).toEqual([
    { name: 'a', label: 'a' },
    { name: 'b', label: 'b' },
  ]);
  expect(enumerationValuesOf({ none: 0 })).toEqual([{ name: 'none', label: 'none' }]);
  const named = { value: { name: 'value', label: 'Value' } };
  expect(enumerationValuesOf(named)).toEqual([named.value]);
  for (const node of [undefined, null, 'x', 7, [], {}])
    expect(enumerationValuesOf(node)).toEqual([]);
});

test('filters are read from their data', () => {
  const data = (query: string) => ({ data: `/profileAndServicesExt/profile/${query}` });
  const filters = filtersOf({
    byText: data('byText?text=$value&filterType=$value'),
    byExternalId: data('byExternalId?externalId_parameter=$value'),
    birthday: data('birthday/'),
    nonsense: { label: 'no data' },
  });
  expect(filters).toEqual([
    { name: 'byText', parameters: ['text', 'filterType'] },
    { name: 'byExternalId', parameters: ['externalId_parameter'] },
    { name: 'birthday', parameters: [] },
  ]);
});

test.each([
  [
    'byExternalId',
    ['externalId_parameter'],
    { filter: 'byExternalId', parameter: 'externalId_parameter' },
  ],
  ['byEmail', ['externalid'], { filter: 'byEmail', parameter: 'externalid' }],
  ['externalId', ['key'], { filter: 'externalId', parameter: 'key' }],
  ['byText', ['text'], null],
  ['byExternalId', ['externalId_parameter', 'more'], null],
  ['byExternalId', [], null],
])('filter %s with %j for externalId is %j', (name, parameters, found) => {
  expect(keyFilterOf({ filters: [{ name, parameters }] }, 'externalId')).toEqual(found);
});

test('resources are listed under the names that calls take', () => {
  const product = { name: 'cusProduct', type: 'collection', help: 'Product' };
  expect(summariesOf({ cusProduct: product, apiName: 'x', n: 1 }, 'customResources')).toEqual([
    { resource: 'cusProduct', label: 'Product', endpoint: 'customResources' },
  ]);
});
