import type { RememberedKey, WrittenEntry, WrittenMemory } from '@landbridge/messaging';

/** A written memory without NATS. */
export class FakeMemory implements Pick<
  WrittenMemory,
  'get' | 'put' | 'entries' | 'lastSequence' | 'clear'
> {
  readonly stored = new Map<string, RememberedKey>();
  #sequence = 0;

  async get(key: string): Promise<WrittenEntry | null> {
    return this.stored.get(key)?.entry ?? null;
  }

  async put(key: string, entry: WrittenEntry): Promise<void> {
    this.#sequence += 1;
    this.stored.delete(key);
    this.stored.set(key, { key, entry, storedAt: new Date(), sequence: this.#sequence });
  }

  async lastSequence(): Promise<number> {
    return this.#sequence;
  }

  async clear(): Promise<void> {
    this.stored.clear();
  }

  async *entries({ afterSequence = 0 } = {}): AsyncGenerator<RememberedKey> {
    for (const remembered of this.stored.values()) {
      if (remembered.sequence > afterSequence) yield remembered;
    }
  }
}
