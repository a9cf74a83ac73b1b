import { z } from 'zod';

export type EnumerationValue = { name: string; label: string };

const Named = z.object({ name: z.string().min(1), label: z.string().nullish() });
const Labelled = z.object({ label: z.string().nullish() });
const DEPTH_MAX = 3;

/**
 * Names and labels of an enumeration, whatever the shape of its `values` node: a list of values, an
 * object keyed by name, or either of them one level deeper. No document describes the inside.
 */
export function enumerationValuesOf(node: unknown): EnumerationValue[] {
  return valuesIn(node, 1);
}

function valuesIn(node: unknown, depth: number): EnumerationValue[] {
  if (typeof node !== 'object' || node === null || depth > DEPTH_MAX) return [];
  if (Array.isArray(node)) return node.flatMap((entry) => valueOf(entry, null) ?? []);
  const entries: [string, unknown][] = Object.entries(node);
  for (const wrapper of ['content', 'values', 'value', 'items', 'item']) {
    const inner = entries.find(([key]) => key === wrapper)?.[1];
    // A choice may be called as a wrapper is.
    const values = Named.safeParse(inner).success ? [] : valuesIn(inner, depth + 1);
    if (values.length > 0) return values;
  }
  return entries.flatMap(([key, entry]) => valueOf(entry, key) ?? []);
}

/** `key`: the name that the entry is filed under, null in a list. */
function valueOf(entry: unknown, key: string | null): EnumerationValue | null {
  const named = Named.safeParse(entry);
  if (named.success) return { name: named.data.name, label: named.data.label ?? named.data.name };
  if (key === null) {
    return typeof entry === 'string' && entry !== '' ? { name: entry, label: entry } : null;
  }
  if (typeof entry === 'string') return { name: key, label: entry === '' ? key : entry };
  if (typeof entry === 'number') return { name: key, label: key };
  const labelled = Labelled.safeParse(entry);
  return labelled.success ? { name: key, label: labelled.data.label ?? key } : null;
}
