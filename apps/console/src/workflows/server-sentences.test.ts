import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { changeOf, reasonOf } from './server-sentences.ts';

const RULES = ['may-act.ts', 'start-rules.ts'].map((file) =>
  join(import.meta.dirname, '../../../control-plane/src/workflows', file),
);

/** Reasons of an action that the one button does not show: it offers the other action then. */
const NEVER_SHOWN = ['It is starting already.', 'It is running already.'];

test('every reason that the control plane gives has its sentence in every language', () => {
  const rules = RULES.map((file) => readFileSync(file, 'utf8')).join('\n');
  const given = [...rules.matchAll(/'([A-Z][^']*\.)'/g)].map(([, sentence = '']) => sentence);
  expect(given.length).toBeGreaterThan(5);
  const unknown = given.filter((sentence) => reasonOf(sentence) === null);
  expect(unknown.sort()).toEqual(NEVER_SHOWN.toSorted());
});

const values = { table: 'contact', from: 'address1_city', to: 'location.city' };
const field = 'contact: address1_city → location.city';
const pointer = '/mappings/0/fields/3';

test.each([
  [{ pointer, kind: 'added', summary: `${field} added` }, 'change.field.added'],
  [{ pointer, kind: 'removed', summary: `${field} removed` }, 'change.field.removed'],
  [
    {
      pointer: `${pointer}/applyUpdates`,
      kind: 'changed',
      summary: `${field}: apply updates: on → off`,
      before: true,
      after: false,
    },
    'change.field.applyOff',
  ],
  [
    {
      pointer: `${pointer}/applyUpdates`,
      kind: 'changed',
      summary: `${field}: apply updates: off → on`,
      before: false,
      after: true,
    },
    'change.field.applyOn',
  ],
] as const)('%j is said as %s', (change, id) => {
  expect(changeOf(change)).toEqual({ id, values });
});

test('a change of anything else is left to the server’s own summary', () => {
  const filter = 'contact: takes statecode eq 0 instead of every record';
  expect(changeOf({ pointer: '/mappings/0/filter', kind: 'added', summary: filter })).toBeNull();
  const mapping = 'account → cusAccount added, with 3 fields';
  expect(changeOf({ pointer: '/mappings/1', kind: 'added', summary: mapping })).toBeNull();
});
