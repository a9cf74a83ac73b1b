/** A part of a process that can be closed. */
export interface Closable {
  close(): PromiseLike<unknown>;
}

/** Less than the half minute that Kubernetes gives a process to end. */
const CLOSE_MS_MAX = 25_000;

/**
 * Closes a process's parts one after the other; a failure of one is thrown only after the rest was
 * closed too. What waits for a server that does not come back ends with the process all the same.
 */
export async function closeInOrder(...parts: readonly Closable[]): Promise<void> {
  await closeWithin(CLOSE_MS_MAX, ...parts);
}

/** The same with another limit, after which the process ends with code 1. */
export async function closeWithin(limitMs: number, ...parts: readonly Closable[]): Promise<void> {
  const timer = setTimeout(() => process.exit(1), limitMs);
  const failures: unknown[] = [];
  for (const part of parts) {
    try {
      await part.close();
    } catch (error) {
      failures.push(error);
    }
  }
  clearTimeout(timer);
  if (failures.length > 0) throw new AggregateError(failures, 'Not everything closed cleanly');
}
