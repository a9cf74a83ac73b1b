import { expect, test } from '@jest/globals';
import { dynamicsColumn as column } from '@landbridge/testing/metadata';
import fc from 'fast-check';
import type { TableShape } from '../src/client.ts';
import {
  guidOf,
  idFiltersOf,
  literalOf,
  modifiedSinceOf,
  preferOf,
  selectOf,
} from '../src/query.ts';

const CONTACT: TableShape = {
  table: 'contact',
  entitySet: 'contacts',
  primaryId: 'contactid',
  columns: [
    column('firstname', 'string'),
    column('parentcustomerid', 'lookup'),
    column('modifiedon', 'dateTime'),
  ],
};

test("O'Brien is a literal", () => {
  expect(literalOf("O'Brien")).toBe("'O''Brien'");
});

test('any text is one literal, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const literal = literalOf(text);
      expect(literal).toMatch(/^[\w\-.!~*'()%]*$/);
      const decoded = decodeURIComponent(literal);
      expect(decoded.slice(1, -1).replaceAll("''", '')).not.toContain("'");
      expect(decoded.slice(1, -1).replaceAll("''", "'")).toBe(text);
    }),
  );
});

test('lookups are selected by their value, with the key and modifiedon once', () => {
  const select = selectOf(CONTACT, ['firstname', 'parentcustomerid', 'contactid', 'firstname']);
  expect(select).toBe('$select=contactid,firstname,_parentcustomerid_value,modifiedon');
});

test('a table without modifiedon is not asked for it', () => {
  expect(selectOf({ ...CONTACT, columns: [] }, ['firstname'])).toBe('$select=contactid,firstname');
});

test('modified rows are asked for from their whole second on, in a total order', () => {
  expect(modifiedSinceOf(CONTACT, new Date('2024-01-31T10:02:03.999Z'))).toBe(
    '$filter=modifiedon%20ge%202024-01-31T10%3A02%3A03Z&$orderby=modifiedon%20asc,contactid%20asc',
  );
});

test('only a GUID addresses a row', () => {
  expect(guidOf('60C4E274-0000-4000-8000-000000000001')).toBe(
    '60c4e274-0000-4000-8000-000000000001',
  );
  for (const id of ['', 'x', '1)or(1 eq 1', '60c4e274-0000-4000-8000-000000000001 ']) {
    expect(() => guidOf(id)).toThrow(RangeError);
  }
});

test('ids are spread over URLs within their bound, each id once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uuid(), { maxLength: 300 }),
      fc.integer({ min: 300, max: 9_000 }),
      (ids, urlCharactersMax) => {
        const filters = idFiltersOf('contactid', ids, { urlCharacters: 100, urlCharactersMax });
        const named = filters.flatMap((filter) => filter.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? []);
        expect(named.toSorted()).toEqual([...new Set(ids)].toSorted());
        for (const filter of filters) {
          expect(filter.length + 100).toBeLessThanOrEqual(urlCharactersMax);
        }
      },
    ),
  );
});

test('where lookups lead is asked for when one that is read may lead to several tables', () => {
  const targets = ['account', 'contact'];
  const columns = CONTACT.columns.map((one) =>
    one.name === 'parentcustomerid' ? { ...one, targets } : one,
  );
  const table = { ...CONTACT, columns };
  expect(preferOf({ table, columns: ['firstname'] }, 'odata.maxpagesize=5')).toBe(
    'odata.maxpagesize=5',
  );
  expect(preferOf({ table, columns: ['parentcustomerid'] }, 'odata.maxpagesize=5')).toBe(
    'odata.maxpagesize=5,odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname"',
  );
  expect(preferOf({ table: CONTACT, columns: ['parentcustomerid'] })).toBe('');
});
