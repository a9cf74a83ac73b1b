import { type InstanceSettings, Timestamp } from '@landbridge/contracts';
import { z } from 'zod';
import type { Bus } from './bus.ts';
import { countMatching } from './count-matching.ts';
import { changeLedger, type LedgerChange, readLedger } from './ledger.ts';
import { WRITTEN } from './streams.ts';
import { deletesKey, type TableAddress, writtenFilter } from './subjects.ts';

/** When so many deletes of one table within so long need a person. */
export type MassDeletes = InstanceSettings['massDeletes'];

/** What a person decided of the deletes that waited: those up to a sequence of their stream. */
export const DeleteDecision = z.object({
  /** Of the event in the log, which orders decisions. */
  position: z.string().regex(/^\d+$/),
  kind: z.enum(['approve', 'discard']),
  upToSequence: z.int().nonnegative(),
});
export type DeleteDecision = z.infer<typeof DeleteDecision>;

/** What all replicas know together of a table's deletes. */
export const DeleteLedger = z.object({
  /** Deletes that were done, by when their part of the window began; oldest first. */
  done: z.array(z.object({ from: Timestamp, count: z.int().positive() })),
  /** Since when deletes wait; null: they go through. */
  heldSince: Timestamp.nullable(),
  /** Not carried out yet. */
  decision: DeleteDecision.nullable(),
  /** Of the last decision that was carried out. */
  donePosition: z.string().regex(/^\d+$/),
});
export type DeleteLedger = z.infer<typeof DeleteLedger>;

export const NO_DELETES: DeleteLedger = {
  done: [],
  heldSince: null,
  decision: null,
  donePosition: '0',
};

/** How many parts a window is counted in: what bounds the entry, and by which it errs on the safe side. */
const PARTS = 60;
const MINUTE_MS = 60_000;

/** Deletes that go through unasked within a window, of a table with so many written records. */
export function deletesUnasked(
  { share, count, unasked }: MassDeletes,
  writtenCount: number,
): number {
  return Math.max(unasked, Math.min(Math.floor(share * writtenCount), count));
}

/** When something is asked of the ledger, and by which rule. */
export interface DeleteRule {
  now: Date;
  withinMinutes: number;
  /** As `deletesUnasked` says. */
  limit: number;
}

/** The deletes that were done within the window, by the parts that it touches. */
export function doneWithin(
  { done }: DeleteLedger,
  { now, withinMinutes }: Pick<DeleteRule, 'now' | 'withinMinutes'>,
): DeleteLedger['done'] {
  const partMs = partOf(withinMinutes);
  const sinceMs = now.getTime() - withinMinutes * MINUTE_MS;
  return done.filter(({ from }) => Date.parse(from) + partMs > sinceMs);
}

/** One delete more: it is counted and goes through, or from now on deletes wait. */
export function askToDelete(
  ledger: DeleteLedger,
  rule: DeleteRule,
): LedgerChange<DeleteLedger, boolean> {
  if (ledger.heldSince !== null) return { next: null, answer: false };
  const recent = doneWithin(ledger, rule);
  if (sum(recent) >= rule.limit) return { next: heldFrom(ledger, rule), answer: false };
  const partMs = partOf(rule.withinMinutes);
  const from = new Date(Math.floor(rule.now.getTime() / partMs) * partMs).toISOString();
  const others = recent.filter((part) => part.from !== from);
  const count = sum(recent) - sum(others) + 1;
  return { next: { ...ledger, done: [...others, { from, count }] }, answer: true };
}

/** So many deletes are coming: when they are too many together, not one of them goes through. */
export function announceDeletes(
  ledger: DeleteLedger,
  count: number,
  rule: DeleteRule,
): LedgerChange<DeleteLedger, boolean> {
  const fits = sum(doneWithin(ledger, rule)) + count <= rule.limit;
  if (ledger.heldSince !== null || fits) return { next: null, answer: fits };
  return { next: heldFrom(ledger, rule), answer: false };
}

/** A delete that was counted and did not come about. */
export function uncountDelete(ledger: DeleteLedger): DeleteLedger {
  const last = ledger.done.at(-1);
  if (last === undefined) return ledger;
  const rest = ledger.done.slice(0, -1);
  return { ...ledger, done: last.count > 1 ? [...rest, { ...last, count: last.count - 1 }] : rest };
}

const heldFrom = (ledger: DeleteLedger, { now }: DeleteRule): DeleteLedger => ({
  ...ledger,
  heldSince: now.toISOString(),
});

const partOf = (withinMinutes: number): number =>
  Math.max(MINUTE_MS, Math.ceil((withinMinutes * MINUTE_MS) / PARTS));

const sum = (parts: DeleteLedger['done']): number =>
  parts.reduce((total, { count }) => total + count, 0);

/** What is known of a table's deletes. */
export const readDeletes = async (bus: Bus, at: TableAddress): Promise<DeleteLedger> =>
  (await readLedger(bus, deletesKey(at), DeleteLedger)) ?? NO_DELETES;

/** Changes it by compare-and-set; `change` is asked again when another replica was first. */
export const changeDeletes = <Answer>(
  bus: Bus,
  at: TableAddress,
  change: (ledger: DeleteLedger) => LedgerChange<DeleteLedger, Answer>,
): Promise<Answer> =>
  changeLedger(bus, deletesKey(at), DeleteLedger, (known) => change(known ?? NO_DELETES));

/** Hands a decision to whoever reads the table. One that is known, or older than that, is none. */
export async function decideDeletes(
  bus: Bus,
  at: TableAddress,
  decision: DeleteDecision,
): Promise<void> {
  await changeDeletes(bus, at, (ledger) => {
    const known = BigInt(ledger.decision?.position ?? ledger.donePosition);
    const isNews = BigInt(decision.position) > known;
    return { next: isNews ? { ...ledger, decision } : null, answer: undefined };
  });
}

/** How many records of a table the written memory knows; those that it remembers as gone count too. */
export const writtenCount = (bus: Bus, at: TableAddress): Promise<number> =>
  countMatching(bus, WRITTEN.name, writtenFilter(at));
