import { hash } from 'node:crypto';
import type { PassRecord } from './pass-records.ts';

const FIRST_CAPACITY = 4_096;
/** The low bits of an entry of the order are a place, the others begin the key's hash. */
const PLACE_BITS = 25n;
const PLACES_MAX = 2 ** Number(PLACE_BITS);
const PLACE_MASK = (1n << PLACE_BITS) - 1n;
const LOW_64 = (1n << 64n) - 1n;
const NO_VERSION = LOW_64;

/** What a place holds; `taken`: nothing any more. */
const KINDS = ['taken', 'leftOut', 'ours', 'unread', 'expected', 'expectedTwoWays'] as const;
type Kind = (typeof KINDS)[number];
const codeOf = (kind: Kind): number => KINDS.indexOf(kind);

/**
 * The records of a pass by their Campaign keys, 57 bytes each: hashes of the keys, ids as the 128 bits
 * that they are. First everything is added, then the records are sorted by the hashes of their keys, and
 * then they are found.
 * Two keys are taken for one when 64 bits of their hashes are alike: among a million, once in 10^7 passes.
 */
export class PackedRecords {
  #count = 0;
  #kinds = new Uint8Array(FIRST_CAPACITY);
  #hashes = new BigUint64Array(FIRST_CAPACITY);
  #idsHigh = new BigUint64Array(FIRST_CAPACITY);
  #idsLow = new BigUint64Array(FIRST_CAPACITY);
  #versions = new BigUint64Array(FIRST_CAPACITY);
  #digests = new BigUint64Array(FIRST_CAPACITY);
  #secondDigests = new BigUint64Array(FIRST_CAPACITY);
  #order = new BigUint64Array();

  /** Those of a key that was added twice are two. */
  get size(): number {
    return this.#count;
  }

  /** Of two with the same key the later one counts. Throws RangeError past 2^25 records. */
  add(key: string, record: PassRecord): void {
    const at = this.#count;
    if (at === PLACES_MAX) throw new RangeError(`A pass holds at most ${PLACES_MAX} records`);
    if (at === this.#kinds.length) this.#grow();
    const id = BigInt(`0x${record.id.replaceAll('-', '')}`);
    this.#hashes[at] = hashOf(key);
    this.#idsHigh[at] = id >> 64n;
    this.#idsLow[at] = id & LOW_64;
    this.#versions[at] = record.version === null ? NO_VERSION : BigInt(record.version);
    const digests = record.kind === 'expected' ? record.digests : null;
    const [first = 0n, second] = digests ?? [];
    this.#digests[at] = first;
    this.#secondDigests[at] = second ?? 0n;
    this.#kinds[at] = codeOf(kindOf(record));
    this.#count += 1;
  }

  /** Makes everything that was added so far one that is found. */
  sort(): void {
    const order = new BigUint64Array(this.#count);
    for (let at = 0; at < this.#count; at += 1) {
      order[at] = prefixOf(this.#hashes[at] ?? 0n) | BigInt(at);
    }
    order.sort();
    this.#order = order;
    for (let index = 0; index < order.length; index += 1) this.#forgetEarlier(index);
  }

  has(key: string): boolean {
    return this.#placeOf(key) !== null;
  }

  /** Hands a record out, once; undefined: there is none of that key. */
  take(key: string): PassRecord | undefined {
    const at = this.#placeOf(key);
    if (at === null) return undefined;
    const record = this.#recordAt(at);
    this.#kinds[at] = codeOf('taken');
    return record;
  }

  /** Those that nobody has taken. */
  *rest(): Generator<PassRecord> {
    for (let at = 0; at < this.#count; at += 1) {
      const record = this.#recordAt(at);
      if (record !== undefined) yield record;
    }
  }

  #recordAt(at: number): PassRecord | undefined {
    const id = guidOf(((this.#idsHigh[at] ?? 0n) << 64n) | (this.#idsLow[at] ?? 0n));
    const stored = this.#versions[at] ?? NO_VERSION;
    const version = stored === NO_VERSION ? null : String(stored);
    const first = this.#digests[at] ?? 0n;
    const kind = KINDS[this.#kinds[at] ?? 0] ?? 'taken';
    switch (kind) {
      case 'taken':
        return undefined;
      case 'leftOut':
        return { kind, id, version };
      case 'ours':
        return { kind, id, version: null };
      case 'unread':
        return { kind: 'expected', id, version, digests: null };
      case 'expected':
        return { kind, id, version, digests: [first] };
      case 'expectedTwoWays':
        return { kind: 'expected', id, version, digests: [first, this.#secondDigests[at] ?? 0n] };
    }
  }

  #placeOf(key: string): number | null {
    const wanted = hashOf(key);
    const prefix = prefixOf(wanted);
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle] ?? 0n) < prefix) low = middle + 1;
      else high = middle;
    }
    for (let index = low; index < this.#order.length; index += 1) {
      const entry = this.#order[index] ?? 0n;
      if (entry - prefix > PLACE_MASK) return null;
      const at = Number(entry & PLACE_MASK);
      if (this.#hashes[at] === wanted && this.#kinds[at] !== codeOf('taken')) return at;
    }
    return null;
  }

  /** Of those before `index` that begin alike, the one of the same key. */
  #forgetEarlier(index: number): void {
    const entry = this.#order[index] ?? 0n;
    const at = Number(entry & PLACE_MASK);
    if (this.#kinds[at] === codeOf('taken')) return;
    for (let earlier = index - 1; earlier >= 0; earlier -= 1) {
      const other = this.#order[earlier] ?? 0n;
      if (prefixOf(other) !== prefixOf(entry)) return;
      const place = Number(other & PLACE_MASK);
      if (this.#hashes[place] === this.#hashes[at]) this.#kinds[place] = codeOf('taken');
    }
  }

  #grow(): void {
    const capacity = this.#kinds.length * 2;
    const kinds = new Uint8Array(capacity);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
    this.#hashes = grown(this.#hashes, capacity);
    this.#idsHigh = grown(this.#idsHigh, capacity);
    this.#idsLow = grown(this.#idsLow, capacity);
    this.#versions = grown(this.#versions, capacity);
    this.#digests = grown(this.#digests, capacity);
    this.#secondDigests = grown(this.#secondDigests, capacity);
  }
}

function kindOf(record: PassRecord): Kind {
  if (record.kind !== 'expected') return record.kind;
  if (record.digests === null) return 'unread';
  return record.digests.length === 1 ? 'expected' : 'expectedTwoWays';
}

function grown(column: BigUint64Array, capacity: number): BigUint64Array<ArrayBuffer> {
  const larger = new BigUint64Array(capacity);
  larger.set(column);
  return larger;
}

const hashOf = (key: string): bigint => hash('sha1', key, 'buffer').readBigUInt64BE();

const prefixOf = (bits: bigint): bigint => (bits >> PLACE_BITS) << PLACE_BITS;

function guidOf(bits: bigint): string {
  const hex = bits.toString(16).padStart(32, '0');
  return [0, 8, 12, 16, 20]
    .map((start, index, starts) => hex.slice(start, starts[index + 1] ?? 32))
    .join('-');
}
