import { expect, jest, test } from '@jest/globals';
import { createLog } from '@landbridge/telemetry';
import { LookAgain } from '../src/index.ts';
import { logUnexpected } from '../src/record-write.ts';

/** How many errors and debug lines an outcome of a write leaves in the log. */
function linesOf(cause: Error): { errors: number; debugs: number } {
  const log = createLog('test', 'silent');
  const [error, debug] = [jest.spyOn(log, 'error'), jest.spyOn(log, 'debug')];
  const fields = { table: 'contact', key: 'k', attempt: 1 };
  logUnexpected({ kind: 'retryAfter', delayMs: 0, cause }, fields, log);
  return { errors: error.mock.calls.length, debugs: debug.mock.calls.length };
}

test('a race that another look settles is no error in the log; a bug is', () => {
  expect(linesOf(new LookAgain('made meanwhile'))).toEqual({ errors: 0, debugs: 1 });
  expect(linesOf(new TypeError('a bug'))).toEqual({ errors: 1, debugs: 0 });
});
