import { expect, test } from '@jest/globals';
import { RunFailedError } from '@landbridge/pipeline';
import { schemaOf } from '../src/schema/optin-schema.ts';
import { CONTACT, configuration, PROFILE } from './builders.ts';

const FIXED = {
  ...CONTACT,
  columns: CONTACT.columns.map((column) =>
    column.name === 'donotphone' ? { ...column, updatable: false } : column,
  ),
};
const READ_ONLY = {
  ...PROFILE,
  fields: PROFILE.fields.map((field) =>
    field.name === 'blackListPhone' ? { ...field, readOnly: true } : field,
  ),
};

const failureOf = (start: () => unknown) => {
  try {
    start();
  } catch (error) {
    if (error instanceof RunFailedError) return error.failure;
    throw error;
  }
  return null;
};

test('a run does not start where a mapped column of contact can be changed by nobody', () => {
  expect(failureOf(() => schemaOf(configuration(), FIXED, PROFILE))).toMatchObject({
    code: 'configurationInvalid',
    system: 'dynamics',
    field: 'contact.donotphone',
  });
});

test('an attribute that Campaign keeps to itself matters where Campaign is written', () => {
  const from = configuration({ direction: 'campaign-to-dynamics' });
  expect(failureOf(() => schemaOf(from, CONTACT, READ_ONLY))).toBeNull();
  expect(failureOf(() => schemaOf(configuration(), CONTACT, READ_ONLY))).toMatchObject({
    system: 'campaign',
    field: 'profile.blackListPhone',
  });
});
