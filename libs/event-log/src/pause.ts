/** Waits `ms`, or less when `signal` aborts or `sooner` settles. Never rejects. */
export async function pause(
  ms: number,
  signal: AbortSignal,
  sooner?: Promise<void>,
): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    void sooner?.then(done);
  });
}
