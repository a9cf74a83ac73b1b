/** The condition did not hold in time. The message tells what was last seen. */
export class ConditionNotMet extends Error {
  override readonly name = 'ConditionNotMet';
}

/** A busy machine of two cores needs half of it for what a quiet one does in a second. */
const TIMEOUT_MS = 60_000;

export interface UntilOptions {
  /** How long at most: a limit for what hangs, and no claim about speed. A minute unless given. */
  timeoutMs?: number;
  everyMs?: number;
}

/**
 * Asks `look` again and again until `holds` is true of what it saw, and gives that back.
 * An error thrown by `look` counts as "not yet".
 * Throws  ConditionNotMet, with what was last seen or the last error as its cause.
 */
export async function until<Seen>(
  what: string,
  look: () => Promise<Seen> | Seen,
  holds: (seen: Seen) => boolean,
  options: UntilOptions = {},
): Promise<Seen> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const deadline = performance.now() + timeoutMs;
  let last: { seen: Seen } | { error: unknown } | null = null;
  for (;;) {
    try {
      const seen = await look();
      if (holds(seen)) return seen;
      last = { seen };
    } catch (error) {
      last = { error };
    }
    if (performance.now() > deadline) break;
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 25));
  }
  const still = 'seen' in last ? `still saw ${JSON.stringify(last.seen)}` : 'it kept failing';
  throw new ConditionNotMet(`Waited ${timeoutMs} ms for ${what}; ${still}`, {
    cause: 'error' in last ? last.error : undefined,
  });
}
