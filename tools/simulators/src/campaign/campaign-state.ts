import type { Journal, JournalLine } from '../store/journal.ts';
import { Resource, type CustomFilter } from './attribute.schema.ts';
import { CampaignSwitches } from './campaign-switches.schema.ts';
import { ordinalOf, pkeyOf } from './pkey.ts';
import { RecordStore, type Values } from './record-store.ts';

const FIRST_RECIPIENT = 200_000;

/**
 * Raised when the resources that a stand-in begins with get something new: one whose data are older
 * gets it too, and keeps what was changed there. From the same version on nothing comes back.
 */
const RESOURCES_VERSION = 2;

export type Published = { resource: Resource; store: RecordStore; salt: number };

/** What one Campaign instance holds: its resources, their records, and how it behaves. */
export class CampaignState {
  readonly #published = new Map<string, Published>();
  readonly #journal: Journal;
  #begun = new Map<string, Resource>();
  switches: CampaignSwitches;
  bigTableThreshold = 100_000;
  /** Whether the technical account's roles let it write. */
  mayWrite = true;
  /** How far this instance's clock is ahead of the machine's. */
  skewMs = 0;

  constructor(resources: Resource[], switches: CampaignSwitches, journal: Journal) {
    this.switches = switches;
    this.#journal = journal;
    for (const resource of resources) this.#publish(resource);
    for (const line of journal.read()) this.#replay(line);
    for (const resource of this.#begun.values()) this.#publish(resource);
    journal.restart(this.#snapshot());
  }

  now(): Date {
    return new Date(Date.now() + this.skewMs);
  }

  /** The internal number of a profile, which events and log files may name it by. */
  recipientId(ordinal: number): number {
    return FIRST_RECIPIENT + ordinal;
  }

  ordinalOfRecipient(recipientId: number): number {
    return recipientId - FIRST_RECIPIENT;
  }

  names(): string[] {
    return [...this.#published.keys()];
  }

  find(name: string): Published | null {
    return this.#published.get(name) ?? null;
  }

  /** Throws  Error when no such resource is published. */
  get(name: string): Published {
    const found = this.#published.get(name);
    if (found === undefined) throw new Error(`There is no resource ${name}`);
    return found;
  }

  /** The identification keys in force. */
  keys({ resource }: Published): string[][] {
    return resource.name === 'profile' && !this.switches.externalIdIsKey
      ? resource.keys.filter((key) => key.join() !== 'externalId')
      : resource.keys;
  }

  /** The filters that the customer has published. */
  filters({ resource }: Published): CustomFilter[] {
    return this.switches.lastModifiedFilters
      ? resource.filters
      : resource.filters.filter(({ comparison }) => comparison !== 'atLeast');
  }

  insert(published: Published, values: Values): string {
    const ordinal = published.store.insert(values);
    this.#journal.write(['w', published.resource.name, ordinal, values]);
    return pkeyOf(published.salt, ordinal);
  }

  replace(published: Published, ordinal: number, values: Values): void {
    published.store.restore(ordinal, values);
    this.#journal.write(['w', published.resource.name, ordinal, values]);
  }

  remove(published: Published, ordinal: number): void {
    published.store.remove(ordinal);
    this.#journal.write(['w', published.resource.name, ordinal, null]);
  }

  pkey(published: Published, ordinal: number): string {
    return pkeyOf(published.salt, ordinal);
  }

  /** The live record behind a PKey. Answers null for a key of nobody, undefined for an unreadable one. */
  ordinalOf(published: Published, pkey: string): number | null | undefined {
    const ordinal = ordinalOf(published.salt, pkey);
    if (ordinal === null) return undefined;
    return published.store.read(ordinal) === null ? null : ordinal;
  }

  /** Publishes a changed or new resource; `rewrite` brings its records along. */
  republish(resource: Resource, rewrite: (values: Values) => Values = (values) => values): void {
    const parsed = Resource.parse(resource);
    const known = this.#published.get(parsed.name);
    if (known === undefined) this.#publish(parsed);
    else {
      known.resource = parsed;
      known.store.rewrite(rewrite);
    }
    this.#journal.restart(this.#snapshot());
  }

  withdraw(name: string): void {
    this.#published.delete(name);
    this.#journal.restart(this.#snapshot());
  }

  close(): void {
    this.#journal.close();
  }

  #publish(resource: Resource): void {
    const salt =
      Array.from(resource.name).reduce((hash, letter) => hash * 31 + letter.charCodeAt(0), 7) | 0;
    this.#published.set(resource.name, { resource, store: new RecordStore(), salt });
  }

  #replay([kind, name, ...rest]: JournalLine): void {
    if (kind === 'resources') {
      const isOlder = Number(name ?? 1) < RESOURCES_VERSION;
      const begun = [...this.#published].map(([key, { resource }]) => [key, resource] as const);
      this.#begun = new Map(isOlder ? begun : []);
      this.#published.clear();
      return;
    }
    if (kind === 'resource') {
      const kept = Resource.parse(rest[0]);
      this.#publish(withNews(kept, this.#begun.get(kept.name) ?? null));
      this.#begun.delete(kept.name);
      return;
    }
    const published = this.#published.get(String(name));
    published?.store.restore(Number(rest[0]), rest[1] as Values | null);
  }

  *#snapshot(): Generator<JournalLine> {
    yield ['resources', RESOURCES_VERSION];
    for (const { resource } of this.#published.values()) {
      yield ['resource', resource.name, resource];
    }
    for (const { resource, store } of this.#published.values()) {
      for (const ordinal of store.ordinals()) {
        yield ['w', resource.name, ordinal, store.read(ordinal)];
      }
      // A tombstone at the end keeps the ordinal, and so the PKey, from being given again.
      if (store.end > 0 && store.read(store.end - 1) === null) {
        yield ['w', resource.name, store.end - 1, null];
      }
    }
  }
}

function withNews(kept: Resource, begun: Resource | null): Resource {
  if (begun === null) return kept;
  const lacks = (known: { name: string }[]) => (one: { name: string }) =>
    !known.some(({ name }) => name === one.name);
  return {
    ...kept,
    attributes: [...kept.attributes, ...begun.attributes.filter(lacks(kept.attributes))],
    filters: [...kept.filters, ...begun.filters.filter(lacks(kept.filters))],
  };
}
