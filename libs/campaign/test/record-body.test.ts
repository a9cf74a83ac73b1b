import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fieldOf, nestedBody } from '../src/index.ts';

test('dotted names are nested and read back', () => {
  const body = nestedBody({ firstName: 'Ada', 'location.city': 'Lyon', 'location.zipCode': null });
  expect(body).toEqual({ firstName: 'Ada', location: { city: 'Lyon', zipCode: null } });
  expect(fieldOf(body, 'location.city')).toBe('Lyon');
  expect(fieldOf(body, 'location.zipCode')).toBeNull();
  expect(fieldOf(body, 'location.none')).toBeUndefined();
  expect(fieldOf(body, 'firstName.none')).toBeUndefined();
});

test('a link is nested beside its dotted part', () => {
  expect(nestedBody({ orgUnit: { PKey: '@x' }, 'orgUnit.name': 'y' })).toEqual({
    orgUnit: { PKey: '@x', name: 'y' },
  });
});

test('any names of depth one or two come back', () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/);
  const entries = fc.uniqueArray(fc.tuple(name, name, fc.string()), {
    selector: ([a, b]) => `${a}.${b}`,
  });
  fc.assert(
    fc.property(entries, (all) => {
      const body = nestedBody(Object.fromEntries(all.map(([a, b, value]) => [`${a}.${b}`, value])));
      for (const [a, b, value] of all) expect(fieldOf(body, `${a}.${b}`)).toBe(value);
    }),
  );
});

test('no name reaches beyond the body', () => {
  const body = nestedBody({ '__proto__.polluted': 'yes', 'constructor.x': 1 });
  expect(Object.keys(body)).toEqual(['__proto__', 'constructor']);
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
  expect(fieldOf({}, 'constructor.name')).toBeUndefined();
});
