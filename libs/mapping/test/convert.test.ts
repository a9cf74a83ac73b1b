import { describe, expect, test } from '@jest/globals';
import { CampaignType, DynamicsType } from '@landbridge/contracts';
import fc from 'fast-check';
import { campaignLength, convert, convertibility } from '../src/index.ts';
import { column, field, gender, genderField } from './metadata-builders.ts';

const labels = { technicalValues: false };
const numbers = { technicalValues: true };
const choices = [
  { value: 1, label: 'Hiking' },
  { value: 2, label: 'Golf' },
];

describe('examples, one for each cell that is worth one', () => {
  test.each([
    ['string', 'Zoë', 'string', 'Zoë'],
    ['memo', 'two\nlines', 'memo', 'two\nlines'],
    ['integer', -12, 'string', '-12'],
    ['bigint', '9007199254740993', 'string', '9007199254740993'],
    ['bigint', 10_000_000_000_000_000, 'string', '10000000000000000'],
    ['bigint', 10_000_000_000_000_000, 'double', 10_000_000_000_000_000],
    ['decimal', 1e-7, 'string', '0.0000001'],
    ['double', 1.5e21, 'string', '1500000000000000000000'],
    ['money', 19.9, 'string', '19.9'],
    ['decimal', '99999999999.1234567890', 'string', '99999999999.123456789'],
    ['money', '922337203685477.5807', 'memo', '922337203685477.5807'],
    ['money', '922337203685477.5807', 'float', 922337203685477.6],
    ['double', '0.30000000000000001', 'double', 0.3],
    ['boolean', true, 'string', 'true'],
    ['dateOnly', '1980-05-17', 'string', '1980-05-17'],
    ['dateTime', '2024-01-31T10:02:03Z', 'string', '2024-01-31T10:02:03Z'],
    ['dateTimeIndependent', '2024-01-31T10:02:03Z', 'string', '2024-01-31T10:02:03'],
    [
      'uniqueidentifier',
      '{0F5C0000-0000-4000-8000-000000000001}',
      'string',
      '0f5c0000-0000-4000-8000-000000000001',
    ],
    ['string', ' 42 ', 'byte', 42],
    ['string', '1.25', 'double', 1.25],
    ['decimal', 12, 'integer', 12],
    ['boolean', true, 'byte', 1],
    ['string', 'Yes', 'boolean', true],
    ['integer', 0, 'boolean', false],
    ['dateOnly', '1980-05-17', 'datetime', '1980-05-17 00:00:00.000Z'],
    ['dateTime', '2024-01-31T23:30:00-02:00', 'date', '2024-02-01'],
    ['dateTime', '2024-01-31T10:02:03Z', 'datetime', '2024-01-31 10:02:03.000Z'],
    ['dateTimeIndependent', '2024-01-31T23:30:00Z', 'date', '2024-01-31'],
    ['string', '2024-02-29', 'date', '2024-02-29'],
  ] as const)('%s %p → %s is %p', (from, value, to, expected) => {
    expect(convert(value, column(from), field(to), labels)).toEqual({ ok: true, value: expected });
  });

  test.each([
    ['string', 'abcdef', field('string', { lengthMax: 5 }), 'tooLong'],
    ['string', 'abc', field('integer'), 'notANumber'],
    ['integer', 128, field('byte'), 'outOfRange'],
    ['integer', -32_769, field('short'), 'outOfRange'],
    ['bigint', '2147483648', field('long'), 'outOfRange'],
    ['bigint', '9007199254740993', field('double'), 'inexact'],
    ['integer', 16_777_217, field('float'), 'inexact'],
    ['money', '922337203685477.5807', field('double'), 'inexact'],
    ['string', '922337203685477.5807', field('double'), 'inexact'],
    ['decimal', '7.00000000000000000001', field('integer'), 'notWhole'],
    ['decimal', '1.00000000000000000001', field('boolean'), 'notABoolean'],
    ['money', 0.5, field('integer'), 'notWhole'],
    ['string', 'maybe', field('boolean'), 'notABoolean'],
    ['string', '2023-02-29', field('date'), 'notADate'],
    ['string', 'divers', genderField, 'enumerationUnknown'],
    ['string', 'a\0b', field('string'), 'textMalformed'],
    ['integer', 'x', field('integer'), 'valueUnreadable'],
    ['boolean', true, field('date'), 'neverConvertible'],
  ] as const)('%s %p is refused: %#', (from, value, to, code) => {
    const converted = convert(value, column(from), to, labels);
    expect(converted).toMatchObject({ ok: false, reason: { code, field: to.name } });
  });

  test('a refusal names both sides and keeps the value to itself', () => {
    const to = field('string', { name: 'firstName', lengthMax: 3 });
    const converted = convert('Secretive', column('string', { name: 'firstname' }), to, labels);
    expect(JSON.stringify(converted)).toContain('firstname → firstName');
    expect(JSON.stringify(converted)).not.toContain('Secretive');
  });

  test('picklists give labels or technical values, and numbers always count by value', () => {
    expect(convert(2, gender, field('string'), labels)).toEqual({ ok: true, value: 'Female' });
    expect(convert(2, gender, field('string'), numbers)).toEqual({ ok: true, value: '2' });
    expect(convert(2, gender, field('byte'), labels)).toEqual({ ok: true, value: 2 });
    expect(convert(9, gender, field('string'), labels)).toMatchObject({
      reason: { code: 'optionUnknown' },
    });
  });

  test('several choices are joined as Dataverse joins them', () => {
    const hobbies = column('multiSelectPicklist', { options: choices });
    expect(convert('2,1', hobbies, field('string'), labels)).toEqual({
      ok: true,
      value: 'Hiking; Golf',
    });
    expect(convert('2,1', hobbies, field('string'), numbers)).toEqual({ ok: true, value: '1,2' });
  });

  test('an enumeration gets the name, found by name first and by label else', () => {
    expect(convert(1, gender, genderField, labels)).toEqual({ ok: true, value: 'male' });
    expect(convert('FEMALE', column('string'), genderField, labels)).toEqual({
      ok: true,
      value: 'female',
    });
    expect(convert('not specified', column('string'), genderField, labels)).toEqual({
      ok: true,
      value: 'unknown',
    });
  });

  test('null clears by the form that Campaign shows, or by null where that is switched on', () => {
    const cleared = (to: ReturnType<typeof field>, clearing: 'empty' | 'null') =>
      convert(null, column('string'), to, { ...labels, clearing });
    expect(cleared(field('string'), 'empty')).toEqual({ ok: true, value: '' });
    expect(cleared(field('date'), 'empty')).toEqual({ ok: true, value: '' });
    expect(cleared(field('long'), 'empty')).toEqual({ ok: true, value: 0 });
    expect(cleared(genderField, 'empty')).toEqual({ ok: true, value: 'unknown' });
    expect(cleared(field('long'), 'null')).toEqual({ ok: true, value: null });
  });

  test('an emoji is one character, a family of four joined together is seven', () => {
    expect(campaignLength('👍')).toBe(1);
    expect(campaignLength('👨‍👩‍👧‍👦')).toBe(7);
    const short = field('string', { lengthMax: 1 });
    expect(convert('👍', column('string'), short, labels)).toEqual({ ok: true, value: '👍' });
  });
});

const dynamicsTypes = fc.constantFrom(...DynamicsType.options);
const campaignTypes = fc.constantFrom(...CampaignType.options);
const anything = fc.oneof(
  fc.anything(),
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.uuid(),
  fc.constantFrom('1', '1,2', '2024-02-30', '1980-05-17', '', ' '),
);

describe('whatever comes', () => {
  test('nothing throws, and what is refused names the attribute', () => {
    fc.assert(
      fc.property(
        anything,
        dynamicsTypes,
        campaignTypes,
        fc.boolean(),
        (value, from, to, technicalValues) => {
          const target = field(to, { lengthMax: 10 });
          const converted = convert(value, column(from, { options: choices }), target, {
            technicalValues,
          });
          if (!converted.ok) expect(converted.reason.field).toBe(target.name);
          if (convertibility(from, to) === 'never') expect(converted.ok).toBe(false);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('text arrives whole or not at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(12), (text, lengthMax) => {
        const converted = convert(text, column('string'), field('string', { lengthMax }), labels);
        if (converted.ok) {
          expect(converted.value).toBe(text);
          expect(campaignLength(text)).toBeLessThanOrEqual(lengthMax);
        }
      }),
    );
  });

  test('every numeric value arrives unchanged or not at all', () => {
    const targets = fc.constantFrom('byte', 'short', 'integer', 'long', 'double');
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.double({ noNaN: true })), targets, (value, to) => {
        const converted = convert(value, column('double'), field(to), labels);
        if (converted.ok) expect(converted.value === value).toBe(true);
      }),
    );
  });

  test('numbers make the round trip through text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = convert(value, column('double'), field('string'), labels);
        expect(text.ok && Number(text.value) === value).toBe(true);
        expect(text.ok && String(text.value)).not.toMatch(/e/i);
      }),
    );
  });

  test('every decimal and amount arrives in text with all its digits, in a double with all or not', () => {
    const digits = fc.tuple(
      fc.bigInt(-(10n ** 15n), 10n ** 15n),
      fc.stringMatching(/^\d{0,9}[1-9]$/),
      fc.constantFrom('decimal', 'money'),
    );
    fc.assert(
      fc.property(digits, ([head, tail, from]) => {
        const told = `${head}.${tail}`;
        // As the client hands it over: text only where a double would lose a digit.
        const value = String(Number(told)) === told ? Number(told) : told;
        const text = convert(value, column(from), field('string'), labels);
        expect(text).toEqual({ ok: true, value: told });
        const number = convert(value, column(from), field('double'), labels);
        if (number.ok)
          expect(convert(number.value, column(from), field('string'), labels)).toEqual(text);
        else expect(number.reason.code).toBe('inexact');
      }),
    );
  });

  test('instants make the round trip through text and through datetime', () => {
    const dates = fc.date({
      min: new Date('1753-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        for (const to of ['string', 'datetime'] as const) {
          const converted = convert(date.toISOString(), column('dateTime'), field(to), labels);
          expect(converted.ok && Date.parse(String(converted.value))).toBe(date.getTime());
        }
      }),
    );
  });

  test('a day is the same day in date and in text, in whatever zone the machine stands', () => {
    const days = fc
      .date({ min: new Date('1753-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(days, (day) => {
        for (const to of ['string', 'date'] as const) {
          expect(convert(day, column('dateOnly'), field(to), labels)).toEqual({
            ok: true,
            value: day,
          });
        }
      }),
    );
  });

  test('what was converted for an attribute converts to itself again', () => {
    const textTargets = fc.constantFrom(
      ...(['string', 'memo', 'boolean', 'date', 'datetime', 'enumeration'] as const),
    );
    fc.assert(
      fc.property(anything, dynamicsTypes, textTargets, (value, from, to) => {
        const target = field(to, to === 'enumeration' ? { values: genderField.values } : {});
        const once = convert(value, column(from, { options: choices }), target, labels);
        if (!once.ok || once.value === null) return;
        const again = convert(String(once.value), column('string'), target, labels);
        expect(again).toEqual(once);
      }),
      { numRuns: 2_000 },
    );
  });

  test('null is never refused where the types can be converted at all', () => {
    fc.assert(
      fc.property(dynamicsTypes, campaignTypes, (from, to) => {
        const converted = convert(null, column(from), field(to), labels);
        expect(converted.ok).toBe(convertibility(from, to) !== 'never');
      }),
    );
  });
});
