import { DatabaseUnavailable } from './errors.ts';

/** SQLSTATEs of a server that is going, gone or not there yet, or that ended an idle transaction. */
const PASSING = /^(08|57P0[1-3]|53300|25P0[34])/;

/**
 * Runs one query and tells a lost connection from a query at fault.
 * Throws  DatabaseUnavailable when the same may succeed later, else what `work` throws.
 */
export async function reachDatabase<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isConnectionLost(cause)) throw new DatabaseUnavailable({ cause });
    throw cause;
  }
}

/**
 * What Postgres itself answers has a severity and an SQLSTATE; whatever else comes out of `pg`
 * (refused, reset, ended, timed out) is about the connection.
 */
function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (!('severity' in error)) return true;
  return 'code' in error && PASSING.test(String(error.code));
}
