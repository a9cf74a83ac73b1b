import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createIntl } from 'react-intl';
import { en } from './en.ts';
import { zhTw } from './zh-tw.ts';

const SOURCES = join(import.meta.dirname, '..');

const argumentsOf = (sentence: string): string[] =>
  [...new Set([...sentence.matchAll(/\{(\w+)\s*[,}]/g)].map(([, name]) => name ?? ''))].sort();

const keys = Object.keys(en) as (keyof typeof en)[];

test('both languages have the same sentences', () => {
  expect(Object.keys(zhTw).sort()).toEqual(Object.keys(en).sort());
});

test.each(keys)('%s is filled with the same values in both languages', (key) => {
  expect(argumentsOf(zhTw[key])).toEqual(argumentsOf(en[key]));
});

test.each([
  ['en', en],
  ['zh-TW', zhTw],
] as const)('every sentence of %s can be written', (locale, messages) => {
  const faults: string[] = [];
  const intl = createIntl({ locale, messages, onError: (error) => faults.push(error.message) });
  for (const key of keys) {
    const values = Object.fromEntries(argumentsOf(messages[key]).map((name) => [name, 2]));
    intl.formatMessage({ id: key }, values);
  }
  expect(faults).toEqual([]);
});

test('no sentence of Traditional Chinese was left in English', () => {
  const untranslated = keys.filter((key) => zhTw[key] === en[key]);
  expect(untranslated).toEqual(['product.name', 'document.title']);
});

test('every sentence is said somewhere', () => {
  const code = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/(en|zh-tw|\.test)\.ts$/.test(file))
    .map((file) => readFileSync(join(SOURCES, file), 'utf8'))
    .join('\n');
  const patterns = [...code.matchAll(/`([a-z]+(?:\.\w+)*\.)\$\{[^}]+\}([\w.]*)`/g)].map(
    ([, start = '', end = '']) => new RegExp(`^${start.replaceAll('.', '\\.')}\\w+${end}$`),
  );
  const unsaid = keys.filter(
    (key) => !code.includes(`'${key}'`) && !patterns.some((pattern) => pattern.test(key)),
  );
  expect(unsaid).toEqual([]);
});
