import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import type { DeclaredConsumer } from './consumers.ts';
import { type DeclaredStream, STREAMS } from './streams.ts';

/** Makes the server's streams what `streams.ts` declares; safe to run from many services at once. */
export async function ensureStreams(jsm: JetStreamManager, replicas: number): Promise<void> {
  for (const declared of STREAMS) await ensureStream(jsm, declared, replicas);
}

/**
 * Makes a durable consumer what `consumers.ts` declares, and keeps its progress if it existed, also
 * as an earlier version declared it.
 */
export async function ensureConsumer(
  jsm: JetStreamManager,
  stream: string,
  declared: DeclaredConsumer,
): Promise<void> {
  try {
    await jsm.consumers.add(stream, declared);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== CONSUMER_EXISTS) throw error;
    await jsm.consumers.update(stream, declared.durable_name, declared);
  }
}

/** It is there with other options (JSConsumerAlreadyExists). */
const CONSUMER_EXISTS = 10_148;

async function ensureStream(
  jsm: JetStreamManager,
  declared: DeclaredStream,
  replicas: number,
): Promise<void> {
  const info = await infoOf(jsm, declared.name);
  if (info === null) {
    await jsm.streams.add({ ...declared, num_replicas: replicas });
  } else if (!isAsDeclared(info, declared)) {
    // What is not declared stays: an operator's replicas and placement say where data lie.
    await jsm.streams.update(declared.name, declared);
  }
}

async function infoOf(jsm: JetStreamManager, name: string): Promise<StreamInfo | null> {
  try {
    return await jsm.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) {
      return null;
    }
    throw error;
  }
}

function isAsDeclared(info: StreamInfo, declared: DeclaredStream): boolean {
  const found: Record<string, unknown> = { ...info.config };
  return Object.entries(declared).every(
    ([option, value]) => JSON.stringify(found[option] ?? absent(value)) === JSON.stringify(value),
  );
}

/** The server leaves out what is false, zero or empty. */
const absent = (value: unknown): unknown =>
  value === false || value === 0 || value === '' ? value : undefined;
