import { until } from './until.ts';

/** A time later than everything before the call: the clock has moved on by a millisecond or more. */
export async function laterMillisecond(): Promise<Date> {
  const before = Date.now();
  const later = await until(
    'the clock to move on',
    () => Date.now(),
    (now) => now > before,
    { everyMs: 1 },
  );
  return new Date(later);
}
