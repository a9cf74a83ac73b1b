import {
  type Difference,
  NO_VERIFICATION_FIGURES,
  type VerificationFigures,
  type VerificationPhase,
} from '@landbridge/contracts';
import {
  foundDifferences,
  isCancelled,
  readVerificationState,
  saveVerificationState,
  type VerificationRequest,
} from '@landbridge/messaging';
import { Candidates } from './candidates.ts';
import { comparePass } from './compare-pass.ts';
import { Pace } from './pace.ts';
import { queueAgain } from './queue-again.ts';
import { Tally } from './tally.ts';
import { parseState } from './verification-state.ts';
import { VerificationCancelled, type VerifyingDeps } from './verifying-deps.ts';

export type VerificationContext = {
  signal: AbortSignal;
  /** Tells how far it is; most of what is told while it goes on may be lost. */
  tell: (phase: VerificationPhase, figures: VerificationFigures) => Promise<void>;
};

/**
 * Compares both sides of a table in full, pass by pass, from the pass that was begun last.
 * Throws  VerificationCancelled; CursorMoved (somebody else goes on with it); the vendors' errors.
 */
export async function verifyTable(
  request: VerificationRequest,
  deps: VerifyingDeps,
  { signal, tell }: VerificationContext,
): Promise<VerificationFigures> {
  const { bus, at } = deps;
  const { verificationId } = request;
  const differences = foundDifferences(bus, at);
  let { figures, revision } = await begin(request, deps);
  while (figures.passIndex < figures.passCount) {
    const { passIndex: index, passCount: count } = figures;
    const tally = new Tally(figures);
    const onPage = async (): Promise<void> => {
      signal.throwIfAborted();
      if (await isCancelled(bus, at, verificationId)) throw new VerificationCancelled();
      await tell('comparing', tally.figures);
    };
    await onPage();
    const pace = new Pace(request.rate, onPage);
    const onDifference = async (difference: Difference): Promise<void> => {
      tally.differs(difference);
      if (!request.repair) await differences.put(difference);
      else {
        await queueAgain(difference.id, deps);
        tally.count('queuedAgain');
      }
    };
    const candidates = new Candidates(deps, { tally, pace, onDifference });
    const pass = { share: { index, count }, tally, pace, candidates, onPage, signal };
    const outcome = await comparePass(deps, pass);
    // Statistics may be a day old: what turned out larger is compared in more passes, from the first.
    figures =
      outcome === 'done'
        ? { ...tally.figures, passIndex: index + 1 }
        : { ...NO_VERIFICATION_FIGURES, calls: tally.figures.calls, passCount: count * 2 };
    const state = { schemaVersion: 1, verificationId, figures };
    revision = await saveVerificationState(bus, at, state, revision);
  }
  return figures;
}

/** Where to go on; a verification that nobody has begun forgets what the one before it found. */
async function begin(
  { verificationId }: VerificationRequest,
  { bus, at, dynamics, passRecordsMax, mapping }: VerifyingDeps,
): Promise<{ figures: VerificationFigures; revision: number }> {
  const saved = await readVerificationState(bus, at);
  const state = parseState(saved.state);
  if (state?.verificationId === verificationId) {
    return { figures: state.figures, revision: saved.revision };
  }
  await foundDifferences(bus, at).clear();
  const { value: totalCount, calls } = await dynamics.totalCount(mapping.dynamicsTable);
  const figures: VerificationFigures = {
    ...NO_VERIFICATION_FIGURES,
    totalCount,
    passCount: Math.max(1, Math.ceil(totalCount / passRecordsMax)),
    calls: { dynamics: calls, campaign: 0 },
  };
  const first = { schemaVersion: 1, verificationId, figures };
  return { figures, revision: await saveVerificationState(bus, at, first, saved.revision) };
}

/** Queues again what the last verification of the table found and nobody has queued since. */
export async function repairDifferences(
  deps: VerifyingDeps,
  { signal, tell }: VerificationContext,
): Promise<VerificationFigures> {
  const { bus, at } = deps;
  const { state } = await readVerificationState(bus, at);
  const tally = new Tally(parseState(state)?.figures ?? NO_VERIFICATION_FIGURES);
  const differences = foundDifferences(bus, at);
  for await (const { id } of differences.entries()) {
    signal.throwIfAborted();
    await queueAgain(id, deps);
    await differences.delete(id);
    tally.count('queuedAgain');
    await tell('repairing', tally.figures);
  }
  return tally.figures;
}
