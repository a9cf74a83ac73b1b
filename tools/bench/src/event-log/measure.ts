import { randomUUID } from 'node:crypto';
import { type Contender, type Payload, payload } from './contender.ts';

export interface AppendLoad {
  writers: number;
  eventsPerAppend: number;
  forMs: number;
}

/**
 * Events per second that writers with a stream each get into the contender's table.
 * Throws  Error when the table holds another number than was acknowledged.
 */
export async function measureAppends(contender: Contender, load: AppendLoad): Promise<number> {
  const before = await contender.countStored();
  const started = performance.now();
  const deadline = started + load.forMs;
  const acknowledged = await Promise.all(
    Array.from({ length: load.writers }, () => writeUntil(contender, load, deadline)),
  );
  const seconds = (performance.now() - started) / 1_000;
  const count = acknowledged.reduce((sum, each) => sum + each, 0);
  const stored = (await contender.countStored()) - before;
  if (stored !== count) {
    throw new Error(`${contender.name} acknowledged ${count} events but holds ${stored}`);
  }
  return count / seconds;
}

async function writeUntil(
  contender: Contender,
  { eventsPerAppend }: AppendLoad,
  deadline: number,
): Promise<number> {
  const stream = `bench-${randomUUID()}`;
  let version = 0;
  while (performance.now() < deadline) {
    await contender.append(stream, version, payloads(eventsPerAppend));
    version += eventsPerAppend;
  }
  return version;
}

export interface ReadAllMeasure {
  eventsPerSecond: number;
  read: number;
  stored: number;
}

/**
 * Reads everything that the contender holds.
 * Throws  Error when something is left out by a contender that is not known to do so.
 */
export async function measureReadAll(
  contender: Contender,
  pageSize: number,
): Promise<ReadAllMeasure> {
  const stored = await contender.countStored();
  const started = performance.now();
  const read = await contender.readAll(pageSize);
  const seconds = (performance.now() - started) / 1_000;
  if (stored !== read && !contender.skips) {
    throw new Error(`${contender.name} holds ${stored} events but ${read} were read`);
  }
  return { eventsPerSecond: read / seconds, read, stored };
}

/** Brings the contender to at least `events` events, so that each reads about as many. */
export async function fill(contender: Contender, events: number): Promise<void> {
  const missing = events - (await contender.countStored());
  const stream = `fill-${randomUUID()}`;
  for (let version = 0; version < missing; version += 500) {
    await contender.append(stream, version, payloads(500));
  }
}

function payloads(count: number): Payload[] {
  return Array.from({ length: count }, (_, index) => payload(index));
}
