import { series } from '@landbridge/simulators';

/** Lots drawn from a seed: the same again for the same one. */
export interface Lots {
  /** A whole number from `from` up to but without `to`. */
  number: (from: number, to: number) => number;
  /** One of several. Throws  RangeError where there is none. */
  of: <Item>(items: readonly Item[]) => Item;
  shuffled: <Item>(items: readonly Item[]) => Item[];
}

export function lotsOf(seed: number): Lots {
  const next = series(seed);
  const number: Lots['number'] = (from, to) => from + Math.floor(next() * (to - from));
  return {
    number,
    of: (items) => {
      const [item] = items.slice(number(0, items.length));
      if (item === undefined) throw new RangeError('There is nothing to draw from');
      return item;
    },
    shuffled: (items) =>
      items
        .map((item) => ({ item, at: next() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ item }) => item),
  };
}
