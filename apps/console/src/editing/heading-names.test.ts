import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { LOG_HEADINGS } from '../egress/egress-form.ts';
import { OPTOUT_NAMES } from '../optin/optin-form.ts';
import { valueAt } from './content.ts';

const OPENAPI = join(import.meta.dirname, '../../../../docs/openapi.json');
const openapi: unknown = JSON.parse(readFileSync(OPENAPI, 'utf8'));

// The generated types know a record's values, but any string as its name.
test.each([
  ['EgressConfiguration', '/files/properties/deliveryColumns', LOG_HEADINGS],
  ['EgressConfiguration', '/files/properties/trackingColumns', LOG_HEADINGS],
  ['OptinConfiguration', '/export/properties/columns', OPTOUT_NAMES],
  ['OptinConfiguration', '/export/properties/changedAtColumns', OPTOUT_NAMES],
])('the headings that a page offers are those that %s has in %s', (schema, place, offered) => {
  const at = `/components/schemas/${schema}/properties${place}/propertyNames/enum`;
  expect(valueAt(openapi, at)).toEqual(offered);
});
