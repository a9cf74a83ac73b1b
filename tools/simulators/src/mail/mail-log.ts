import type { Journal, JournalLine } from '../store/journal.ts';
import { EventJournal } from './event-journal.ts';
import {
  LedgerQuery,
  type LedgerCounts,
  type LedgerQueryInput,
  type MailEvent,
} from './mail-event.ts';
import type { MailSwitches } from './mail-switches.schema.ts';

/** What a Campaign instance remembers of its messages: the ledger, the journal, the exports' marks. */
export class MailLog {
  readonly #events: MailEvent[] = [];
  readonly #store: Journal;
  readonly #marks = new Map<string, number>();
  readonly #counts = emptyCounts();
  readonly journal: EventJournal;

  constructor(store: Journal, seed: number) {
    this.#store = store;
    this.journal = new EventJournal(seed, ({ event, writtenMs }) =>
      store.write(['entry', event.n, writtenMs]),
    );
    for (const line of store.read()) this.#replay(line);
    store.restart(this.#snapshot());
  }

  get count(): number {
    return this.#events.length;
  }

  add(event: Omit<MailEvent, 'n'>, switches: MailSwitches, nowMs: number): MailEvent {
    const added = { n: this.#events.length + 1, ...event };
    this.#keep(added);
    this.#store.write(['event', added]);
    this.journal.take(added, switches, nowMs);
    return added;
  }

  /** What was delivered again after a restart: events that a kill kept out of the journal. */
  mend(switches: MailSwitches, nowMs: number): void {
    const written = new Set<number>();
    for (let index = 0; index < this.journal.count; index++) {
      written.add(this.journal.entry(index)?.event.n ?? 0);
    }
    for (const event of this.#events) {
      if (!written.has(event.n)) this.journal.take(event, switches, nowMs);
    }
  }

  events(after: number): MailEvent[] {
    return this.#events.slice(after);
  }

  ledger(input: LedgerQueryInput = {}): MailEvent[] {
    const query = LedgerQuery.parse(input);
    const found = this.#events.filter(
      (event) =>
        (query.kind === undefined || event.kind === query.kind) &&
        (query.after === undefined || event.n > query.after) &&
        (query.externalId === undefined || event.externalId === query.externalId) &&
        (!query.profilesOnly || event.member === 'none'),
    );
    return query.limit === undefined ? found : found.slice(0, query.limit);
  }

  counts(): LedgerCounts {
    return structuredClone(this.#counts);
  }

  /** Where an incremental export left off; 0 before its first run. */
  mark(name: string): number {
    return this.#marks.get(name) ?? 0;
  }

  setMark(name: string, value: number): void {
    this.#marks.set(name, value);
    this.#store.write(['mark', name, value]);
  }

  expireBefore(ms: number): void {
    this.#store.write(['floor', this.journal.expireBefore(ms)]);
  }

  close(): void {
    this.#store.close();
  }

  #keep(event: MailEvent): void {
    this.#events.push(event);
    const counts = this.#counts;
    counts.total++;
    counts.lastId = event.id;
    if (event.member === 'none') counts.byKind[event.kind]++;
    else counts.members++;
  }

  #replay([kind, first, second]: JournalLine): void {
    if (kind === 'event') this.#keep(first as MailEvent);
    if (kind === 'mark') this.#marks.set(String(first), Number(second));
    if (kind === 'floor') this.journal.expireTo(Number(first));
    const event = kind === 'entry' ? this.#events[Number(first) - 1] : undefined;
    if (event !== undefined) this.journal.restore({ event, writtenMs: Number(second) });
  }

  *#snapshot(): Generator<JournalLine> {
    for (const event of this.#events) yield ['event', event];
    for (let index = 0; index < this.journal.count; index++) {
      const entry = this.journal.entry(index);
      if (entry !== undefined) yield ['entry', entry.event.n, entry.writtenMs];
    }
    yield ['floor', this.journal.floor];
    for (const [name, value] of this.#marks) yield ['mark', name, value];
  }
}

function emptyCounts(): LedgerCounts {
  return {
    total: 0,
    byKind: {
      send: 0,
      open: 0,
      click: 0,
      bounce: 0,
      softBounce: 0,
      mirrorPage: 0,
      unsubscribe: 0,
    },
    members: 0,
    lastId: null,
  };
}
