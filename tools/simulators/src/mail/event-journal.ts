import { series } from '../control/scatter.ts';
import { ordinalOfRowId, rowId } from '../dataverse/row-id.ts';
import type { MailEvent } from './mail-event.ts';
import type { MailSwitches } from './mail-switches.schema.ts';

export type JournalEntry = { event: MailEvent; writtenMs: number };

/** Where a read begins. `since` is exclusive; `seekMs` is how far to go back from now. */
export type ReadFrom =
  | { kind: 'oldest' | 'latest' }
  | { kind: 'since'; position: string }
  | { kind: 'seek'; ms: number };

/** `from` is the index of the first entry to deliver; reading on happens behind `from - 1`. */
export type Start = { kind: 'at'; from: number } | { kind: 'expired' } | { kind: 'unreadable' };

type Held = { event: MailEvent; due: number };

const DAY_MS = 86_400_000;
const SALTS = [0x6d0053, 0x7ca3e1];
const ANIMALS = ['moose', 'camel', 'rabbit', 'penguin'];
/** A shuffled or repeated event comes at most this many entries later. */
const DELAY_MAX = 12;

/** The positions of one I/O Events registration: what was written, when, in which order. */
export class EventJournal {
  readonly #entries: JournalEntry[] = [];
  #held: Held[] = [];
  #floor = 0;
  /** The end of the journal when all of it expired: nobody who waits there has missed anything. */
  #waiting = 0;
  readonly #random: () => number;
  readonly #written: (entry: JournalEntry) => void;

  /** `written` is told of every entry as it gets its position. */
  constructor(seed: number, written: (entry: JournalEntry) => void) {
    this.#random = series(seed);
    this.#written = written;
  }

  get count(): number {
    return this.#entries.length;
  }

  get floor(): number {
    return this.#floor;
  }

  /** Takes an event, to be delivered as often and as disorderly as the switches say. */
  take(event: MailEvent, switches: MailSwitches, nowMs: number): void {
    const delay = (): number => this.#entries.length + 1 + Math.floor(this.#random() * DELAY_MAX);
    if (switches.journalShuffled && this.#random() < 0.5) this.#held.push({ event, due: delay() });
    else this.#write({ event, writtenMs: nowMs });
    for (let copy = 1; copy < switches.journalCopies; copy++) {
      this.#held.push({ event, due: delay() });
    }
    this.#release((held) => held.due <= this.#entries.length, nowMs);
  }

  /** Puts back what was written before a restart. */
  restore(entry: JournalEntry): void {
    this.#entries.push(entry);
  }

  entry(index: number): JournalEntry | undefined {
    return this.#entries[index];
  }

  /** Everything written before `ms` is gone from now on. Answers the new first index. */
  expireBefore(ms: number): number {
    const first = this.#entries.findIndex(({ writtenMs }) => writtenMs >= ms);
    return this.expireTo(first < 0 ? this.#entries.length : first);
  }

  expireTo(index: number): number {
    this.#floor = Math.max(this.#floor, index);
    if (this.#floor === this.#entries.length) this.#waiting = this.#floor;
    return this.#floor;
  }

  start(from: ReadFrom, switches: MailSwitches, nowMs: number): Start {
    const oldestMs = nowMs - switches.journalDays * DAY_MS;
    if ((this.#entries[this.#floor]?.writtenMs ?? nowMs) < oldestMs) this.expireBefore(oldestMs);
    const index = this.#indexOf(from, nowMs);
    if (index === null) return { kind: 'unreadable' };
    // A position names the entry it was given for, which must still be there.
    const isGone = index <= this.#floor && this.#floor > 0 && index !== this.#waiting;
    if (from.kind === 'since' && isGone) return { kind: 'expired' };
    const first = Math.max(index, this.#floor);
    if (first >= this.#entries.length) this.#release(() => true, nowMs);
    return { kind: 'at', from: first };
  }

  /** The position of the entry at `index`; -1 is where nothing has been written yet. */
  position(index: number): string {
    const [first = 0, second = 0] = SALTS;
    const animal = ANIMALS[(index + 1) % ANIMALS.length] ?? 'moose';
    return `${animal}:${rowId(first, index + 1)}:${rowId(second, index + 1)}`;
  }

  #indexOf(from: ReadFrom, nowMs: number): number | null {
    switch (from.kind) {
      case 'oldest':
        return 0;
      case 'latest':
        return this.#entries.length;
      case 'seek': {
        const found = this.#entries.findIndex(({ writtenMs }) => writtenMs >= nowMs - from.ms);
        return found < 0 ? this.#entries.length : found;
      }
      case 'since': {
        const [, id = ''] = from.position.split(':');
        const ordinal = ordinalOfRowId(SALTS[0] ?? 0, id);
        if (ordinal === null || ordinal > this.#entries.length) return null;
        return this.position(ordinal - 1) === from.position ? ordinal : null;
      }
    }
  }

  #write(entry: JournalEntry): void {
    this.#entries.push(entry);
    this.#written(entry);
  }

  #release(isDue: (held: Held) => boolean, nowMs: number): void {
    if (this.#held.length === 0) return;
    const due = this.#held.filter(isDue);
    if (due.length === 0) return;
    this.#held = this.#held.filter((held) => !due.includes(held));
    while (due.length > 0) {
      const [held] = due.splice(Math.floor(this.#random() * due.length), 1);
      if (held !== undefined) this.#write({ event: held.event, writtenMs: nowMs });
    }
  }
}
