import { expect, test } from '@jest/globals';
import type { CampaignFieldMetadata, CampaignType } from '@landbridge/contracts';
import fc from 'fast-check';
import { canonicalValue } from '../src/canonical-value.ts';
import { comparedDigest, differingFields } from '../src/compare-fields.ts';
import { campaignDateTime } from '../src/date-values.ts';
import { field, genderField, profile } from './metadata-builders.ts';

test.each<[CampaignType | CampaignFieldMetadata, unknown, unknown]>([
  ['string', null, ''],
  ['string', '', undefined],
  ['date', null, ''],
  ['date', '2001-02-03', '2001-02-03 00:00:00.000Z'],
  ['datetime', '2026-01-05T09:26:57.584Z', '2026-01-05 09:26:57.584Z'],
  ['datetime', '', null],
  ['integer', null, 0],
  ['integer', 7, '7'],
  ['float', 0.1, Math.fround(0.1)],
  ['double', -0, 0],
  ['boolean', false, null],
  ['boolean', true, 1],
  ['boolean', true, 'true'],
  [genderField, '', 'unknown'],
  [genderField, null, 'unknown'],
])('%s: %p as it is written and %p as Campaign shows it are one', (type, written, shown) => {
  const at = typeof type === 'string' ? field(type) : type;
  expect(canonicalValue(written, at)).toBe(canonicalValue(shown, at));
});

test.each<[CampaignType | CampaignFieldMetadata, unknown, unknown]>([
  ['string', 'Ada', 'ada'],
  ['string', 'Ada', 'Ada '],
  ['date', '2001-02-03', '2001-02-04'],
  ['datetime', '2026-01-05T09:26:57.584Z', '2026-01-05 09:26:57.585Z'],
  ['integer', 1, 0],
  ['boolean', true, false],
  [genderField, 'male', 'female'],
  [genderField, 'male', ''],
])('%s: %p and %p differ', (type, written, shown) => {
  const at = typeof type === 'string' ? field(type) : type;
  expect(canonicalValue(written, at)).not.toBe(canonicalValue(shown, at));
});

/** A value as a write sends it, and the same as Campaign shows it. */
const roundTrip: fc.Arbitrary<{ at: CampaignFieldMetadata; written: unknown; shown: unknown }> =
  fc.oneof(
    fc
      .option(fc.string())
      .map((text) => ({ at: field('string'), written: text, shown: text ?? '' })),
    fc
      .option(fc.integer())
      .map((number) => ({ at: field('integer'), written: number, shown: number ?? 0 })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => ({
      at: field('float'),
      written: number,
      shown: Math.fround(number),
    })),
    fc.boolean().map((flag) => ({ at: field('boolean'), written: flag, shown: flag })),
    fc
      .date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
      .map((date) => ({
        at: field('datetime'),
        written: date.toISOString(),
        shown: campaignDateTime(date.getTime()),
      })),
    fc
      .constantFrom('male', 'female', '')
      .map((name) => ({ at: genderField, written: name, shown: name === '' ? 'unknown' : name })),
  );

test('what was written compares as equal to how Campaign shows it', () => {
  fc.assert(
    fc.property(roundTrip, ({ at, written, shown }) => {
      expect(canonicalValue(shown, at)).toBe(canonicalValue(written, at));
    }),
  );
});

test('a canonical value is the canonical value of itself where it is a text', () => {
  fc.assert(
    fc.property(roundTrip, ({ at, written }) => {
      const once = canonicalValue(written, at);
      if (at.type !== 'datetime') expect(canonicalValue(once, at)).toBe(once);
    }),
  );
});

const values = fc.record({
  firstName: fc.constantFrom('Ada', 'Bea', '', null),
  'location.city': fc.constantFrom('Lyon', 'Oslo', ''),
  cusChildren: fc.constantFrom(0, 1, 2, null),
  blackListEmail: fc.boolean(),
});

test('two records have the same digest exactly when no field differs', () => {
  fc.assert(
    fc.property(values, values, (wanted, held) => {
      const heldOf = (name: string): unknown => Reflect.get(held, name);
      const wantedOf = (name: string): unknown => Reflect.get(wanted, name);
      const names = Object.keys(wanted);
      const same =
        comparedDigest(names, wantedOf, profile) === comparedDigest(names, heldOf, profile);
      expect(differingFields(wanted, heldOf, profile).length === 0).toBe(same);
    }),
  );
});
