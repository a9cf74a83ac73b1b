import type { WrittenEntry } from '@landbridge/messaging';

/** Under which key of Campaign a record was written: its id, unless the memory says another. */
export function writtenKey(id: string, entry: WrittenEntry | null): string {
  const own = entry?.extra?.['key'];
  return typeof own === 'string' ? own : id;
}
