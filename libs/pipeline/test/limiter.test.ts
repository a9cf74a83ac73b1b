import { expect, test } from '@jest/globals';
import { createLimiter, LimiterPaused } from '../src/index.ts';

const throttled = (retryAfterMs: number | null): Error =>
  Object.assign(new Error('429'), { kind: 'throttled', retryAfterMs });
/** A timer may fire a little before its time: Node.js rounds down to whole milliseconds. */
const EARLY_MS = 2;
const limits = { requestsPerSecond: 100_000, inFlightMax: 8 };

function deferredCalls() {
  const open: PromiseWithResolvers<string>[] = [];
  const call = (): Promise<string> => {
    const made = Promise.withResolvers<string>();
    open.push(made);
    return made.promise;
  };
  return { open, call };
}
/** Lets everything run that waits for nothing but its turn. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('no more calls are under way than the window allows, and all come in their order', async () => {
  const limiter = createLimiter({ ...limits, inFlightMax: 2 });
  const { open, call } = deferredCalls();
  const results = ['a', 'b', 'c'].map(() => limiter.run(null, call));
  await settled();
  expect({ open: open.length, waiting: limiter.state().waiting }).toEqual({ open: 2, waiting: 1 });
  open[0]?.resolve('first');
  await results[0];
  await settled();
  expect(open).toHaveLength(3);
  open[1]?.resolve('second');
  open[2]?.resolve('third');
  expect(await Promise.all(results)).toEqual(['first', 'second', 'third']);
});

test('calls begin no faster than the rate', async () => {
  const limiter = createLimiter({ requestsPerSecond: 50, inFlightMax: 100 });
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: 26 }, () => limiter.gate(async () => undefined)));
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(25 * 20 - EARLY_MS);
});

test('a 429 pauses everybody for as long as it asked, and halves the window', async () => {
  const limiter = createLimiter(limits);
  const startedMs = performance.now();
  await expect(limiter.gate(async () => Promise.reject(throttled(150)))).rejects.toThrow('429');
  expect(limiter.state().window).toBe(4);
  await Promise.all([1, 2, 3].map(() => limiter.gate(async () => undefined)));
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(150 - EARLY_MS);
});

test('who would wait longer than it may is told how long, and not kept', async () => {
  const limiter = createLimiter(limits);
  await expect(limiter.gate(async () => Promise.reject(throttled(60_000)))).rejects.toThrow('429');
  const refused = await limiter.gate(async () => 'never').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LimiterPaused);
  expect((refused as LimiterPaused).retryAfterMs).toBeGreaterThan(59_000);
  expect(limiter.state().inFlight).toBe(0);
});

test('a storm of 429 that were under way together shrinks the window once', async () => {
  const limiter = createLimiter(limits);
  const { open, call } = deferredCalls();
  const results = Array.from({ length: 8 }, () => limiter.gate(call));
  await settled();
  for (const made of open) made.reject(throttled(1));
  await Promise.allSettled(results);
  expect(limiter.state().window).toBe(4);
});

test('good answers widen the window again, up to its bound', async () => {
  const limiter = createLimiter(limits);
  await expect(limiter.gate(async () => Promise.reject(throttled(1)))).rejects.toThrow();
  for (let call = 0; call < 200; call += 1) await limiter.gate(async () => undefined);
  expect(limiter.state().window).toBe(8);
});

test('slow answers shrink the window, a little', async () => {
  let nowMs = 10_000;
  const limiter = createLimiter({ ...limits, latencyTargetMs: 100, now: () => nowMs });
  await limiter.gate(async () => void (nowMs += 500));
  expect(limiter.state().window).toBe(7);
});

test('who waits can give up, and takes nobody’s place', async () => {
  const limiter = createLimiter({ ...limits, inFlightMax: 1 });
  const { open, call } = deferredCalls();
  const first = limiter.run(null, call);
  await settled();
  const stop = new AbortController();
  const second = limiter.run(stop.signal, call);
  const third = limiter.run(null, call);
  stop.abort(new Error('stopping'));
  await expect(second).rejects.toThrow('stopping');
  open[0]?.resolve('first');
  await first;
  await settled();
  open[1]?.resolve('third');
  expect(await third).toBe('third');
});
