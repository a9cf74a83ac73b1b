import type { ConfigurationChange } from '@landbridge/contracts';
import { isSameContent } from './same-content.ts';

/** How the entries of one list are told apart and told of. */
export interface ListStyle<Entry> {
  key: (entry: Entry) => string;
  added: (entry: Entry) => string;
  removed: (entry: Entry) => string;
  changed: (before: Entry, after: Entry, pointer: string) => ConfigurationChange[];
}

/** A line for each entry that came, went or changed; `at`: the list's pointer. */
export function changesOfList<Entry>(
  before: readonly Entry[],
  after: readonly Entry[],
  at: string,
  style: ListStyle<Entry>,
): ConfigurationChange[] {
  const changes: ConfigurationChange[] = [];
  const old = before.map((entry, index) => ({ entry, index, key: style.key(entry) }));
  after.forEach((entry, index) => {
    const pointer = `${at}/${index}`;
    const key = style.key(entry);
    const alike = old.filter((one) => one.key === key);
    const match = alike.find((one) => isSameContent(one.entry, entry)) ?? alike[0];
    if (match !== undefined) old.splice(old.indexOf(match), 1);
    if (match === undefined) {
      changes.push({ pointer, kind: 'added', summary: style.added(entry), after: entry });
    } else if (!isSameContent(match.entry, entry)) {
      changes.push(...style.changed(match.entry, entry, pointer));
    }
  });
  for (const { entry, index } of old) {
    const pointer = `${at}/${index}`;
    changes.push({ pointer, kind: 'removed', summary: style.removed(entry), before: entry });
  }
  return changes;
}

/** Null where the value is the same. */
export function option(
  pointer: string,
  what: string,
  before: string | number | boolean | null,
  after: string | number | boolean | null,
): ConfigurationChange | null {
  if (before === after) return null;
  const summary = `${what}: ${say(before)} → ${say(after)}`;
  return { pointer, kind: 'changed', summary, before, after };
}

/** A value as people read it. */
export function say(value: string | number | boolean | null): string {
  if (value === null) return 'empty';
  if (value === '') return 'an empty text';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'string' ? `“${value}”` : String(value);
}
