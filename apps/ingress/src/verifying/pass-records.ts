import type { DynamicsRow } from '@landbridge/dynamics';
import {
  asAddress,
  comparedDigest,
  filterVerdict,
  isAddress,
  linkValues,
  mapKey,
  type MappedFields,
  mapRecord,
} from '@landbridge/mapping';
import { COMPLETE_SINCE, partitionOfKey } from '@landbridge/messaging';
import { isHidden } from '../linking/standing.ts';
import { PackedRecords } from './packed-records.ts';
import type { Tally } from './tally.ts';
import type { VerifyingDeps } from './verifying-deps.ts';
import { writtenKey } from './written-key.ts';

/**
 * What Campaign should hold under one of its keys.
 * Shape   `expected`: these values, by their digests (null: not all of them were read): a second
 *         one where links may be shown as addresses.
 *         `leftOut`: nothing new, for the filter leaves the record out. `ours`: Landbridge wrote it,
 *         and Dynamics did not show it.
 */
export type PassRecord =
  | { kind: 'expected'; id: string; version: string | null; digests: readonly bigint[] | null }
  | { kind: 'leftOut'; id: string; version: string | null }
  | { kind: 'ours'; id: string; version: null };

/** One pass: every record whose Campaign key falls into its share of all keys. */
export class PassRecords {
  readonly #deps: VerifyingDeps;
  readonly #share: { index: number; count: number };
  readonly #records = new PackedRecords();
  /** The attributes that follow changes, links among them: what may be compared. */
  readonly followed: readonly string[];
  /** Those of them that Campaign may show as an address of its own. */
  readonly #nested: ReadonlySet<string>;

  constructor(deps: VerifyingDeps, share: { index: number; count: number }) {
    this.#deps = deps;
    this.#share = share;
    const { fields, links } = deps.mapping;
    const followed = [...fields.filter(({ applyUpdates }) => applyUpdates), ...links];
    this.followed = followed.map(({ campaign }) => campaign);
    const nested = links.filter(({ by }) => by === 'key');
    this.#nested = new Set(nested.map(({ campaign }) => campaign));
  }

  /** The digest of what Campaign shows, to be found among a record's `digests`. */
  digestOf(held: (name: string) => unknown): bigint {
    const nested = this.#nested;
    const shown = (name: string) =>
      nested.has(name) && isAddress(held(name)) ? asAddress(held(name)) : held(name);
    return comparedDigest(this.followed, shown, this.#deps.metadata().resource);
  }

  get size(): number {
    return this.#records.size;
  }

  addRow(row: DynamicsRow, tally: Tally): void {
    const { mapping, clearing } = this.#deps;
    const metadata = this.#deps.metadata();
    const { technicalValues } = mapping;
    const key = mapKey(row.columns, mapping, metadata, { technicalValues });
    if (!this.#isMine(key.ok ? key.value : row.id)) return;
    const { id, version } = row;
    const verdict = filterVerdict(mapping.filter, row.columns, metadata.table);
    if (verdict === 'fails') {
      tally.count('leftOut');
      if (key.ok) this.#records.add(key.value, { kind: 'leftOut', id, version });
      return;
    }
    const mapped = mapRecord(row.columns, mapping, metadata, { clearing });
    const links = linkValues(row, mapping, metadata, { clearing });
    if (verdict === 'unreadable' || !mapped.ok || links.kind === 'refused') {
      tally.count('unmappable');
      // Whatever an earlier state of it left in Campaign is not left over.
      if (key.ok) this.#records.add(key.value, { kind: 'leftOut', id, version });
      return;
    }
    const values = { ...mapped.followed, ...(links.kind === 'linked' ? links.values : {}) };
    const isWhole = this.followed.every((name) => values[name] !== undefined);
    const digests = isWhole ? this.#digestsOf(values) : null;
    this.#records.add(mapped.key, { kind: 'expected', id, version, digests });
  }

  #digestsOf(values: MappedFields): bigint[] {
    const nested = this.#nested;
    const digest = (value: (name: string) => unknown) =>
      comparedDigest(this.followed, value, this.#deps.metadata().resource);
    const exact = digest((name) => values[name]);
    if (nested.size === 0) return [exact];
    return [exact, digest((name) => (nested.has(name) ? asAddress(values[name]) : values[name]))];
  }

  /**
   * What Landbridge wrote and Dynamics did not show: a walk over the written memory, free of calls.
   * Call it when every row was added; from then on records are found.
   */
  async addWritten(signal: AbortSignal): Promise<void> {
    this.#records.sort();
    for await (const { key: id, entry } of this.#deps.memory.entries({ signal })) {
      if (id === COMPLETE_SINCE || (entry.hash === null && !isHidden(entry))) continue;
      const key = writtenKey(id, entry);
      if (!this.#isMine(key) || this.#records.has(key)) continue;
      this.#records.add(key, { kind: 'ours', id, version: null });
    }
    signal.throwIfAborted();
    this.#records.sort();
  }

  /** Hands out what is known of a key, once; undefined: somebody else's record. */
  take(key: string): PassRecord | undefined {
    return this.#records.take(key);
  }

  /** What Campaign did not show. */
  rest(): Iterable<PassRecord> {
    return this.#records.rest();
  }

  #isMine(key: string): boolean {
    const { index, count } = this.#share;
    return count === 1 || partitionOfKey('', key, count) === index;
  }
}
