import type { SFTPWrapper } from 'ssh2';
import { SftpUnreachable } from './errors.ts';
import type { Session } from './session.ts';
import { operationError } from './ssh-errors.ts';

/** How one operation is asked for. `signal`: nobody waits for its answer any more. */
export type Asking = { signal?: AbortSignal | undefined };

/** A request, and what calls back with its answer. */
export type Request<Answer> = (
  sftp: SFTPWrapper,
  done: (error: Error | null | undefined, answer: Answer) => void,
) => void;

/**
 * Asks one thing of a server. ssh2 forgets what is asked on a channel that has ended, and knows no
 * timeout, so that both are seen to here: a server that does not answer in time is given up, and
 * with it all else that was asked on the connection.
 * Throws  SftpRefused, SftpUnreachable, or the reason of `signal`.
 */
export async function ask<Answer>(
  session: Session,
  request: Request<Answer>,
  { what, answerTimeoutMs, signal }: { what: string; answerTimeoutMs: number } & Asking,
): Promise<Answer> {
  const { lost } = session;
  const answer = Promise.withResolvers<Answer>();
  const onLost = () => {
    const cause: unknown = lost.reason;
    const reason = cause instanceof SftpUnreachable ? cause.reason : 'broken';
    answer.reject(new SftpUnreachable(what, reason, { cause }));
  };
  const onAbort = () => answer.reject(signal?.reason);
  const late = setTimeout(() => session.giveUp(), answerTimeoutMs);
  lost.addEventListener('abort', onLost);
  signal?.addEventListener('abort', onAbort);
  try {
    if (signal?.aborted === true) onAbort();
    else if (lost.aborted) onLost();
    else begin(session.sftp, request, what, answer);
    return await answer.promise;
  } finally {
    clearTimeout(late);
    lost.removeEventListener('abort', onLost);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** ssh2 throws at once where it sees that the connection is gone. */
function begin<Answer>(
  sftp: SFTPWrapper,
  request: Request<Answer>,
  what: string,
  { resolve, reject }: PromiseWithResolvers<Answer>,
): void {
  try {
    request(sftp, (error, value) => {
      if (error) reject(operationError(what, error));
      else resolve(value);
    });
  } catch (error) {
    reject(operationError(what, error));
  }
}
