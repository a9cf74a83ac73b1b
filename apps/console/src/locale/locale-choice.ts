/** The languages that the console speaks. */
export type Language = 'en' | 'zh-TW';

/** What each language calls itself, in the order of the menu. */
export const LANGUAGES: readonly { language: Language; name: string }[] = [
  { language: 'en', name: 'English' },
  { language: 'zh-TW', name: '繁體中文' },
];

/** The language of the first of `wanted` (BCP 47, most wanted first) that the console speaks. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'zh') return 'zh-TW';
    if (primary === 'en') return 'en';
  }
  return 'en';
}

/**
 * The locale that numbers, dates and times are written in: the person's own variant of the
 * language where the browser names one (an English reader in Britain sees 24 November).
 */
export function formatLocaleFor(language: Language, wanted: readonly string[]): string {
  if (language === 'zh-TW') return 'zh-TW';
  return wanted.find((tag) => /^en-[A-Za-z]{2}$/.test(tag)) ?? 'en';
}

/** Reads a stored choice; null where there is none or it is unknown. */
export function storedLanguage(stored: string | null): Language | null {
  return LANGUAGES.find(({ language }) => language === stored)?.language ?? null;
}
