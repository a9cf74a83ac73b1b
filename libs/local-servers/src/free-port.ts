import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems hand out by themselves (from 32,768 on Linux, 49,152 elsewhere): what
 * connects or listens anywhere between our look and the server's start does not take one of these.
 */
const FIRST = 20_000;
const END = 32_768;
const LOOKS_MAX = 200;

/** A TCP port of the loopback address that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const port = randomInt(FIRST, END);
    if (await isFree(port)) return port;
  }
  throw new Error(`No TCP port from ${FIRST} to ${END} is free`);
}

/** True when a server may listen on the loopback address's port. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => {
      server.close(() => resolve(true));
    });
  });
}
