/** Digits and points in a row that may be more than a double holds. */
const MAYBE_INEXACT = /[:,[]\s*-?[\d.]{16,}/;

/**
 * JSON.parse that loses no digit: a number which a double cannot hold exactly comes as its text.
 * Throws  SyntaxError, whose message quotes the text: never pass it on.
 */
export function parseExactly(text: string): unknown {
  return MAYBE_INEXACT.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  return digitsOf(source) === digitsOf(String(value)) ? value : source;
}

/** Significant digits alone: `-1.50` and `1.5` are the same number's. */
function digitsOf(number: string): string {
  const [mantissa = ''] = number.toLowerCase().split('e');
  const digits = mantissa.replaceAll(/[^\d.]/g, '');
  const trimmed = digits.includes('.') ? digits.replace(/0+$/, '') : digits;
  return trimmed.replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
}
