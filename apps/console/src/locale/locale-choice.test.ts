import { expect, test } from '@jest/globals';
import { formatLocaleFor, languageFor, storedLanguage } from './locale-choice.ts';

test.each([
  [['zh-TW', 'en'], 'zh-TW'],
  [['zh-Hant-HK'], 'zh-TW'],
  [['fr-FR', 'zh', 'en'], 'zh-TW'],
  [['de-DE', 'en-US', 'zh-TW'], 'en'],
  [['de-DE'], 'en'],
  [[], 'en'],
] as const)('a browser that wants %j is spoken to in %s', (wanted, language) => {
  expect(languageFor(wanted)).toBe(language);
});

test('numbers and dates follow the reader’s own English', () => {
  expect(formatLocaleFor('en', ['de-DE', 'en-GB', 'en-US'])).toBe('en-GB');
  expect(formatLocaleFor('en', ['de-DE'])).toBe('en');
  expect(formatLocaleFor('zh-TW', ['en-GB'])).toBe('zh-TW');
});

test('only a language that the console speaks is taken from what was stored', () => {
  expect(storedLanguage('zh-TW')).toBe('zh-TW');
  expect(storedLanguage('tlh')).toBeNull();
  expect(storedLanguage(null)).toBeNull();
});
