import { setImmediate } from 'node:timers/promises';

let ending: Promise<void> | null = null;

/**
 * Resolves once this turn of the event loop has taken what came in: answers of NATS and of both
 * systems alike. Await it before something is sent that is not alone, as a record's look-up, memory
 * and acknowledgement are not: what many send right after it leaves in one write, in their order,
 * and a write to the socket costs more than the message in it.
 */
export function turnEnd(): Promise<void> {
  ending ??= setImmediate().then(() => {
    ending = null;
  });
  return ending;
}
