import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseExactly } from '../src/exact-json.ts';

test('a number beyond a double comes as its text', () => {
  expect(parseExactly('{"a":9007199254740993,"b":-12345678901.1234567891,"c":[1]}')).toEqual({
    a: '9007199254740993',
    b: '-12345678901.1234567891',
    c: [1],
  });
});

test('a long number that a double holds stays a number', () => {
  expect(parseExactly('[100000000000.0000000000, 1000000000000000000]')).toEqual([
    100_000_000_000, 1e18,
  ]);
});

test('everything else is JSON.parse', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(parseExactly(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('every integer keeps its value', () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 70n), 2n ** 70n), (integer) => {
      const [value] = parseExactly(`[${integer}]`) as [string | number];
      expect(BigInt(value)).toBe(integer);
    }),
  );
});
