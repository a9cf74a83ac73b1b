import type { EdgeEnd, WrittenEntry } from '@landbridge/messaging';
import { z } from 'zod';

/**
 * Landbridge wrote the record, and Campaign did not find it when it was to be deleted: it may only
 * be hidden.
 */
export const isHidden = (entry: WrittenEntry | null): boolean => entry?.extra?.['hidden'] === true;

/** `forgotten`, of a record that may be there and is only not shown; `entry`: as it was remembered. */
export function withHidden(forgotten: WrittenEntry, entry: WrittenEntry | null): WrittenEntry {
  const key = entry?.extra?.['key'];
  const own = key === undefined ? {} : { key };
  return { ...forgotten, extra: { ...forgotten.extra, ...own, unsure: true, hidden: true } };
}

const Extra = z.object({
  givenUp: z.boolean().optional().catch(undefined),
  linked: z.array(z.string()).catch([]).default([]),
  waiting: z.array(z.string()).catch([]).default([]),
});

const NOTHING = Extra.parse({});
const extraOf = (entry: WrittenEntry | null) =>
  entry?.extra === undefined ? NOTHING : Extra.parse(entry.extra);

/** Whether the record is a dead letter because a parent will not come. */
export const isGivenUp = (entry: WrittenEntry | null): boolean => extraOf(entry).givenUp === true;

/** The record's edges: those it was written with, and those that it waits for. */
export type HeldEdges = { linked: EdgeEnd[]; waiting: EdgeEnd[] };

export function heldEdges(entry: WrittenEntry | null): HeldEdges {
  const { linked, waiting } = extraOf(entry);
  return { linked: linked.map(endOf), waiting: waiting.map(endOf) };
}

/** The same entry with other edges; nothing is kept of edges that are not there. */
export function withEdges(
  entry: WrittenEntry | null,
  { linked, waiting }: HeldEdges,
): WrittenEntry {
  const { hash, version, extra } = entry ?? { hash: null, version: null };
  const { linked: _linked, waiting: _waiting, ...others } = extra ?? {};
  const kept = {
    ...others,
    ...(linked.length === 0 ? {} : { linked: linked.map(nameOf) }),
    ...(waiting.length === 0 ? {} : { waiting: waiting.map(nameOf) }),
  };
  return { hash, version, ...(Object.keys(kept).length === 0 ? {} : { extra: kept }) };
}

/** The same entry without the word that it will never come. */
export function mayCome(entry: WrittenEntry | null): WrittenEntry | null {
  if (entry?.extra === undefined) return entry;
  const { absent: _absent, ...extra } = entry.extra;
  return { ...entry, extra };
}

/** The same entry of a record that is given up, or not any more. */
export function withGivenUp(entry: WrittenEntry, isGiven: boolean): WrittenEntry {
  const { hash, version, extra = {} } = entry;
  const { givenUp: _givenUp, ...others } = extra;
  const kept = isGiven ? { ...others, givenUp: true } : others;
  return { hash, version, ...(Object.keys(kept).length === 0 ? {} : { extra: kept }) };
}

export const nameOf = ({ table, key }: EdgeEnd): string => `${table}/${key}`;

export const includes = (ends: readonly EdgeEnd[], end: EdgeEnd): boolean =>
  ends.some(({ table, key }) => table === end.table && key === end.key);

/** Those of `ends` that are not among `others`. */
export const without = (ends: readonly EdgeEnd[], others: readonly EdgeEnd[]): EdgeEnd[] =>
  ends.filter((end) => !includes(others, end));

/** Each once. */
export const union = (ends: readonly EdgeEnd[], others: readonly EdgeEnd[]): EdgeEnd[] => [
  ...ends,
  ...without(others, ends),
];

function endOf(name: string): EdgeEnd {
  const slash = name.indexOf('/');
  return { table: name.slice(0, slash), key: name.slice(slash + 1) };
}
