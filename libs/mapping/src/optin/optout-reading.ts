import type { OptoutName } from '@landbridge/contracts';
import { instantOf } from '../events/extract-event.ts';

/** `changedAt`: RFC 3339 in UTC; null: never changed, or Campaign does not say. */
export type OptoutState = { value: boolean; changedAt: string | null };

/** A profile's opt-outs as they were read; an opt-out that was not read is absent. */
export type OptoutReading = {
  key: string;
  attributes: Partial<Record<OptoutName, OptoutState>>;
};

/** `column` names what cannot be read; the message has none of the values. */
export type OptoutRejection = {
  code: 'keyEmpty' | 'notABoolean' | 'notADate';
  column: string;
  message: string;
};

/** `key`: whose opt-outs they are, where at least that can be read. */
export type ReadOptouts =
  | { outcome: 'read'; reading: OptoutReading }
  | { outcome: 'rejected'; key: string | null; rejection: OptoutRejection };

/** Where the opt-outs stand. `changedAts`: the latest of them counts. */
export type OptoutColumns = {
  key: string;
  optouts: readonly { name: OptoutName; value: string; changedAts: readonly string[] }[];
};

/**
 * Reads a file's row or a profile's attributes. An opt-out whose time cannot be read is refused
 * rather than counted as older, which could undo it.
 */
export function readOptouts(
  valueOf: (column: string) => unknown,
  columns: OptoutColumns,
): ReadOptouts {
  const key = textOf(valueOf(columns.key));
  const rejected = (code: OptoutRejection['code'], column: string, says: string): ReadOptouts => ({
    outcome: 'rejected',
    key: key === '' ? null : key,
    rejection: { code, column, message: `"${column}" ${says}` },
  });
  if (key === '') return rejected('keyEmpty', columns.key, 'holds no key');
  const attributes: OptoutReading['attributes'] = {};
  for (const { name, value: column, changedAts } of columns.optouts) {
    const text = textOf(valueOf(column));
    if (text === '') continue;
    const value = booleanOf(text);
    if (value === null) return rejected('notABoolean', column, 'holds neither yes nor no');
    const times: string[] = [];
    for (const timeColumn of changedAts) {
      const time = textOf(valueOf(timeColumn));
      const changedAt = time === '' ? null : instantOf(time);
      if (time !== '' && changedAt === null) {
        return rejected('notADate', timeColumn, 'holds no readable time');
      }
      if (changedAt !== null) times.push(changedAt);
    }
    attributes[name] = { value, changedAt: times.toSorted().at(-1) ?? null };
  }
  return { outcome: 'read', reading: { key, attributes } };
}

function textOf(value: unknown): string {
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
  return isPlain ? String(value).trim() : '';
}

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'y', 'on'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'n', 'off'].map((word) => [word, false] as const),
]);

function booleanOf(text: string): boolean | null {
  return WORDS.get(text.toLowerCase()) ?? null;
}
