import type { ConnectionCheck, ConnectionTest } from '@landbridge/contracts';
import { HttpProblem } from '../problems.ts';

/** A right that is missing, found without an error of the client. Branched on by `runSteps`. */
export class RightMissing extends Error {
  override readonly name = 'RightMissing';
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** One thing to try. `tryIt` answers with what was found, for people. */
export interface Step {
  check: string;
  tryIt: () => Promise<string>;
  /** Nothing after it can work without it. */
  isFoundation?: true;
}

/** What an error of a step means and how to mend it; null: it is not the system's error. */
export type Explain = (error: unknown) => { message: string; remedy: string } | null;

function outcomeOf(error: unknown, explain: Explain): { message: string; remedy: string } {
  if (error instanceof RightMissing) return { message: error.message, remedy: error.remedy };
  if (error instanceof HttpProblem) {
    return { message: error.refusal.detail, remedy: 'Check that the system is up, and try again.' };
  }
  const explained = explain(error);
  if (explained === null) throw error;
  return explained;
}

/** Tries each step in turn; after a foundation that failed, the rest are named as not tried. */
export async function runSteps(steps: readonly Step[], explain: Explain): Promise<ConnectionTest> {
  const checks: ConnectionCheck[] = [];
  let blockedBy: string | null = null;
  for (const { check, tryIt, isFoundation } of steps) {
    if (blockedBy !== null) {
      const message = `Not tried, because "${blockedBy}" failed.`;
      checks.push({ check, passed: false, message, remedy: null });
      continue;
    }
    try {
      checks.push({ check, passed: true, message: await tryIt(), remedy: null });
    } catch (error) {
      checks.push({ check, passed: false, ...outcomeOf(error, explain) });
      if (isFoundation === true) blockedBy = check;
    }
  }
  return { passed: checks.every(({ passed }) => passed), checks };
}
