/** What is stored of a record: attributes that are not empty, sub-objects by dotted name. */
export type Values = Record<string, string | number | boolean>;

type Hits = number | number[];

const SEPARATOR = '\u0001';

/** The records of one resource in insertion order, packed, with an index for each key. */
export class RecordStore {
  readonly #packed: (string | null)[] = [];
  readonly #indexes = new Map<string, Map<string, Hits>>();
  #live = 0;

  get count(): number {
    return this.#live;
  }

  /** One past the last ordinal ever given. */
  get end(): number {
    return this.#packed.length;
  }

  read(ordinal: number): Values | null {
    const packed = this.#packed[ordinal];
    return packed === undefined || packed === null ? null : unpack(packed);
  }

  insert(values: Values): number {
    const ordinal = this.#packed.length;
    this.restore(ordinal, values);
    return ordinal;
  }

  /** Puts `values` (null: nothing) at `ordinal`, whatever was there. */
  restore(ordinal: number, values: Values | null): void {
    while (this.#packed.length < ordinal) this.#packed.push(null);
    const before = this.#indexes.size > 0 || values === null ? this.read(ordinal) : null;
    const wasLive = (this.#packed[ordinal] ?? null) !== null;
    for (const [name, index] of this.#indexes) {
      const attributes = name.split('+');
      const from = before === null ? null : keyOf(attributes, before);
      const to = values === null ? null : keyOf(attributes, values);
      if (from === to) continue;
      if (from !== null) drop(index, from, ordinal);
      if (to !== null) put(index, to, ordinal);
    }
    this.#packed[ordinal] = values === null ? null : pack(values);
    this.#live += (values === null ? 0 : 1) - (wasLive ? 1 : 0);
  }

  remove(ordinal: number): void {
    this.restore(ordinal, null);
  }

  /** The records whose `attributes` have exactly these values, none of them empty. */
  find(attributes: string[], wanted: (string | number | boolean)[]): number[] {
    const hits = this.#index(attributes).get(wanted.map(String).join(SEPARATOR));
    return hits === undefined ? [] : typeof hits === 'number' ? [hits] : hits;
  }

  /** The key a record has over `attributes`; null where one of them is empty. */
  keyOf(attributes: string[], values: Values): string[] | null {
    return keyOf(attributes, values)?.split(SEPARATOR) ?? null;
  }

  duplicates(attributes: string[]): string[] {
    const found: string[] = [];
    for (const [key, hits] of this.#index(attributes)) {
      if (typeof hits !== 'number' && hits.length > 1) found.push(key.split(SEPARATOR).join(', '));
    }
    return found;
  }

  /** Live ordinals from `from` on. */
  *ordinals(from = 0): Generator<number> {
    for (let ordinal = from; ordinal < this.#packed.length; ordinal++) {
      if (this.#packed[ordinal] !== null) yield ordinal;
    }
  }

  /** Up to `size` live ordinals behind the first `start` of them. */
  page(start: number, size: number): number[] {
    const isWhole = this.#live === this.#packed.length;
    let skip = isWhole ? 0 : start;
    const page: number[] = [];
    for (const ordinal of this.ordinals(isWhole ? start : 0)) {
      if (skip-- > 0) continue;
      if (page.length >= size) break;
      page.push(ordinal);
    }
    return page;
  }

  /** Rewrites every record, as an administrator's change of the structure does. */
  rewrite(change: (values: Values) => Values): void {
    this.#indexes.clear();
    for (const ordinal of this.ordinals()) {
      const values = this.read(ordinal);
      if (values !== null) this.#packed[ordinal] = pack(change(values));
    }
  }

  #index(attributes: string[]): Map<string, Hits> {
    const name = attributes.join('+');
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    const index = new Map<string, Hits>();
    for (const ordinal of this.ordinals()) {
      const values = this.read(ordinal);
      const key = values === null ? null : keyOf(attributes, values);
      if (key !== null) put(index, key, ordinal);
    }
    this.#indexes.set(name, index);
    return index;
  }
}

/** One byte a character, whatever the script: a million records must fit. */
const pack = (values: Values): string => Buffer.from(JSON.stringify(values)).toString('latin1');

const unpack = (packed: string): Values =>
  JSON.parse(Buffer.from(packed, 'latin1').toString()) as Values;

function keyOf(attributes: string[], values: Values): string | null {
  const parts: string[] = [];
  for (const attribute of attributes) {
    const value = values[attribute];
    if (value === undefined || value === '') return null;
    parts.push(String(value));
  }
  return parts.join(SEPARATOR);
}

function put(index: Map<string, Hits>, key: string, ordinal: number): void {
  const hits = index.get(key);
  if (hits === undefined) index.set(key, ordinal);
  else if (typeof hits === 'number') index.set(key, [hits, ordinal]);
  else hits.push(ordinal);
}

function drop(index: Map<string, Hits>, key: string, ordinal: number): void {
  const hits = index.get(key);
  const left = typeof hits === 'object' ? hits.filter((hit) => hit !== ordinal) : [];
  const [only] = left;
  if (only === undefined) index.delete(key);
  else index.set(key, left.length === 1 ? only : left);
}
