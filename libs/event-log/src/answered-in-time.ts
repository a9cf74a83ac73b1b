import { DatabaseUnavailable } from './errors.ts';

/**
 * What `work` comes to, unless that takes longer than `timeoutMs`: a server that is frozen keeps
 * its connections and says nothing on them. The query itself is not called back; it keeps its
 * connection until the server answers or is gone.
 * Throws  DatabaseUnavailable, and what `work` throws.
 */
export async function answeredInTime<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const cause = new Error(`no answer within ${timeoutMs} ms`);
    late.reject(new DatabaseUnavailable({ cause }));
  }, timeoutMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
