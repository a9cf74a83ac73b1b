import type { EventCondition } from '@landbridge/contracts';

/** What stands at a JSON pointer (RFC 6901) of `whole`, or undefined. */
export function valueAt(whole: unknown, pointer: string): unknown {
  let value = whole;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = Object.entries(value).find(([key]) => key === name)?.[1];
  }
  return value;
}

/** The first of `places` that holds a text, a number or a truth value, as text; else null. */
export function textAt(whole: unknown, places: readonly string[]): string | null {
  for (const place of places) {
    const text = textOf(valueAt(whole, place));
    if (text !== null) return text;
  }
  return null;
}

/** Whether one condition holds of `whole`. */
export function holds(whole: unknown, { at, is }: EventCondition): boolean {
  const value = valueAt(whole, at);
  if (is === 'present') return isPresent(value);
  if (is === 'absent') return !isPresent(value);
  const text = textOf(value)?.toLowerCase();
  return text !== undefined && is.some((expected) => expected.toLowerCase() === text);
}

function isPresent(value: unknown): boolean {
  if (typeof value === 'object') return value !== null;
  const text = textOf(value);
  return text !== null && text !== '0' && text.toLowerCase() !== 'false';
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
}
