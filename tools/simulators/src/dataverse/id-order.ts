import type { RowStore } from './row-store.ts';

type Order = { end: number; undone: number; ordinals: Uint32Array };

const orders = new WeakMap<RowStore, Order>();

/** Live rows in the order of their ids, those behind the id `after` (null: all of them). */
export function* inIdOrder(rows: RowStore, after: string | null): Generator<number> {
  const { ordinals } = orderOf(rows);
  for (const ordinal of ordinals.subarray(
    after === null ? 0 : firstBehind(rows, ordinals, after),
  )) {
    if (rows.isLive(ordinal)) yield ordinal;
  }
}

/** Ids never change, so the order holds until rows come or are taken back. */
function orderOf(rows: RowStore): Order {
  const known = orders.get(rows);
  if (known?.end === rows.end && known.undone === rows.undone) return known;
  const ids = Array.from({ length: rows.end }, (_, ordinal) => idOf(rows, ordinal));
  const ordinals = Uint32Array.from(ids.keys()).sort((a, b) => compare(ids[a] ?? '', ids[b] ?? ''));
  const made = { end: rows.end, undone: rows.undone, ordinals };
  orders.set(rows, made);
  return made;
}

function firstBehind(rows: RowStore, ordinals: Uint32Array, after: string): number {
  let low = 0;
  let high = ordinals.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (idOf(rows, ordinals[middle] ?? 0) > after) high = middle;
    else low = middle + 1;
  }
  return low;
}

const idOf = (rows: RowStore, ordinal: number): string => rows.idOf(ordinal).toLowerCase();

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
