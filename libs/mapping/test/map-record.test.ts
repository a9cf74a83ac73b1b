import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { columnsOf, contentHash, mapRecord, readingShape, schemaFault } from '../src/index.ts';
import { column, contact, mapping, metadata, profile } from './metadata-builders.ts';

const id = '60c4e274-0000-4000-8000-000000000001';

test('a record is mapped into its key, what follows changes and what only an insert writes', () => {
  const columns = { contactid: id, firstname: 'Ada', gendercode: 2, jobtitle: 'Analyst' };
  expect(mapRecord(columns, mapping(), metadata)).toEqual({
    ok: true,
    key: id,
    keyField: 'externalId',
    followed: { firstName: 'Ada', gender: 'female' },
    onInsert: { jobTitle: 'Analyst' },
  });
});

test('a column that was not read is left alone, an empty one is cleared', () => {
  const mapped = mapRecord({ contactid: id, firstname: null }, mapping(), metadata);
  expect(mapped).toMatchObject({ ok: true, followed: { firstName: '' }, onInsert: {} });
});

test('replacements go by the technical value, before the conversion', () => {
  const replaced = mapping({
    replacements: [
      { dynamics: 'gendercode', from: 2, to: 'male' },
      { dynamics: 'firstname', from: 'ada', to: 'Augusta' },
      { dynamics: 'jobtitle', from: null, to: 'none' },
    ],
  });
  const columns = { contactid: id, firstname: 'ADA', gendercode: 2, jobtitle: null };
  expect(mapRecord(columns, replaced, metadata)).toMatchObject({
    followed: { firstName: 'Augusta', gender: 'male' },
    onInsert: { jobTitle: 'none' },
  });
});

test('a replacement concerns what its column is mapped to, and never the key', () => {
  const own = mapping({
    fields: [{ dynamics: 'contactid', campaign: 'jobTitle', applyUpdates: true }],
    replacements: [{ dynamics: 'contactid', from: id, to: 'the first' }],
  });
  expect(mapRecord({ contactid: id }, own, metadata)).toMatchObject({
    key: id,
    followed: { jobTitle: 'the first' },
  });
});

test.each([
  [{ firstname: 'Ada' }, 'keyNotRead', 'externalId'],
  [{ contactid: null }, 'keyEmpty', 'externalId'],
  [{ contactid: id, firstname: 'x'.repeat(31) }, 'tooLong', 'firstName'],
] as const)('%p is rejected', (columns, code, field) => {
  expect(mapRecord(columns, mapping(), metadata)).toMatchObject({
    ok: false,
    rejected: { code, field },
  });
});

test('the columns to read are those of key, fields and filter, each once', () => {
  const filter = {
    all: [
      { dynamics: 'jobtitle', is: 'notEmpty' as const },
      { any: [{ dynamics: 'birthdate', is: 'empty' as const }] },
    ],
  };
  expect(columnsOf(mapping({ filter }))).toEqual([
    'birthdate',
    'contactid',
    'firstname',
    'gendercode',
    'jobtitle',
  ]);
});

test('equal content has one hash in whatever order, another destination has another', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
      (fields) => {
        const reversed = Object.fromEntries(Object.entries(fields).reverse());
        expect(contentHash(reversed, ['a'])).toBe(contentHash(fields, ['a']));
        expect(contentHash(fields, ['b'])).not.toBe(contentHash(fields, ['a']));
      },
    ),
  );
});

const without = (name: string) => ({
  ...contact,
  columns: contact.columns.filter((candidate) => candidate.name !== name),
});

test('a mapped column that is gone or of another type is a fault with its name', () => {
  const renamed = {
    ...without('firstname'),
    columns: [...without('firstname').columns, column('memo', { name: 'firstname' })],
  };
  expect(schemaFault(mapping(), metadata, metadata)).toBeNull();
  expect(
    schemaFault(mapping(), metadata, { ...metadata, table: without('firstname') }),
  ).toMatchObject({
    code: 'columnMissing',
    system: 'dynamics',
    field: 'contact.firstname',
  });
  expect(schemaFault(mapping(), metadata, { ...metadata, table: renamed })).toMatchObject({
    code: 'columnTypeChanged',
    field: 'contact.firstname',
  });
  expect(schemaFault(mapping(), metadata, { ...metadata, table: null })).toMatchObject({
    code: 'tableMissing',
  });
});

test('a Campaign attribute that is gone is a fault, one that nobody mapped is none', () => {
  const less = (name: string) => ({
    ...profile,
    fields: profile.fields.filter((candidate) => candidate.name !== name),
  });
  expect(schemaFault(mapping(), metadata, { ...metadata, resource: less('gender') })).toMatchObject(
    {
      code: 'columnMissing',
      system: 'campaign',
      field: 'profile.gender',
    },
  );
  expect(schemaFault(mapping(), metadata, { ...metadata, resource: less('birthDate') })).toBeNull();
  expect(schemaFault(mapping(), metadata, { ...metadata, table: without('birthdate') })).toBeNull();
});

test('the shape of reading changes with the columns that are read and with nothing else', () => {
  const shape = readingShape(mapping(), contact);
  expect(readingShape(mapping({ applyDeletes: false }), without('birthdate'))).toBe(shape);
  expect(readingShape(mapping({ fields: [] }), contact)).not.toBe(shape);
});
