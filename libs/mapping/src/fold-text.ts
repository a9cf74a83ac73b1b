/** Text as it is compared when case, width and outer blanks shall not matter. */
export function foldText(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

const ASCII = /^[\0-\x7f]*$/;
const ACCENTS = /[\u0300-\u036f]/g;

/**
 * Text as Dataverse compares it: without regard to case, accents and width; blanks are kept. What
 * was taken apart to find the accents is put together again, so that a syllable stays one letter.
 * Assumption: the environment's collation ignores accents, as those of most languages do. In a few
 * (Swedish, Finnish, Slovak, …) it does not; a filter is more generous than such an environment.
 * Source  Power Platform, "Dataverse language collations".
 */
export function foldLikeDataverse(text: string): string {
  if (ASCII.test(text)) return text.toUpperCase();
  return text
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .toUpperCase()
    .replaceAll('Æ', 'AE')
    .replaceAll('Œ', 'OE')
    .normalize('NFC');
}
