import { expect, test } from '@jest/globals';
import { shownName, sourceChoices, targetChoices } from './field-choice.ts';

const column = {
  name: 'jobtitle',
  label: 'Job Title',
  type: 'string' as const,
  lengthMax: 100,
  numberMin: null,
  numberMax: null,
  precision: null,
  required: false,
  readable: true,
  creatable: true,
  updatable: true,
  options: [],
  targets: [],
};
const field = {
  name: 'email',
  label: 'Email',
  type: 'string' as const,
  lengthMax: 128,
  mandatory: false,
  readOnly: false,
  values: [],
  target: null,
};

test('only columns that can be read and mapped are offered, sorted by label', () => {
  const columns = [
    column,
    { ...column, name: 'secret', readable: false },
    { ...column, name: 'image', type: 'other' as const },
    { ...column, name: 'birthdate', label: 'Birthday', type: 'dateOnly' as const, lengthMax: null },
  ];
  expect(sourceChoices(columns)).toEqual([
    { id: 'birthdate', label: 'Birthday', type: 'type.dynamics.dateOnly', lengthMax: null },
    { id: 'jobtitle', label: 'Job Title', type: 'type.dynamics.string', lengthMax: 100 },
  ]);
});

test('only fields that can be written are offered', () => {
  const fields = [
    field,
    { ...field, name: 'created', readOnly: true },
    { ...field, name: 'subscriptions', type: 'collection' as const },
    { ...field, name: 'orgUnit', type: 'link' as const },
  ];
  expect(targetChoices(fields).map(({ id }) => id)).toEqual(['email']);
});

test('a choice shows its label and the name that the API knows it by', () => {
  expect(shownName({ id: 'jobtitle', label: 'Job Title' })).toBe('Job Title (jobtitle)');
  expect(shownName({ id: 'email', label: 'email' })).toBe('email');
});
