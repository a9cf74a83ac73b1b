import { expect, test } from '@jest/globals';
import { campaignField, dynamicsColumn } from '@landbridge/testing/metadata';
import { shownName, sourceChoices, targetChoices } from './field-choice.ts';

const column = dynamicsColumn('jobtitle', 'string', { label: 'Job Title' });
const field = campaignField('email', 'string', { label: 'Email', lengthMax: 128 });

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
