import { randomUUID } from 'node:crypto';
import type { Consumer, JsMsg } from '@nats-io/jetstream';
import { z } from 'zod';
import type { Bus } from './bus.ts';
import { allRetriesOf, retriesOf } from './consumers.ts';
import { ensureConsumer } from './ensure-streams.ts';
import { RETRIES } from './streams.ts';
import {
  retrySubject,
  tableConsumer,
  type TableAddress,
  type WorkflowAddress,
  workflowConsumer,
} from './subjects.ts';
import { tracedHeaders } from './trace-headers.ts';

/** A record to be read again at its source, so that a stale copy never overwrites a newer one. */
export const RetryRequest = z.object({
  schemaVersion: z.literal(1),
  key: z.string().min(1).max(256),
  /** The letter to take away once the record is queued again. */
  deadLetterId: z.string().min(1).max(64).nullable(),
  /** Written again even where its values are known to be there. */
  replay: z.boolean().optional(),
  /** As `replay`, but for the values that only a load writes. */
  rewrite: z.boolean().optional(),
});
export type RetryRequest = z.infer<typeof RetryRequest>;

/**
 * Asks whoever reads the table to read this record again; it waits for the next run if need be.
 * `requestId`: the same when the same request is told again.
 */
export async function requestRetry(
  bus: Bus,
  at: TableAddress,
  asked: Omit<RetryRequest, 'schemaVersion'>,
  requestId: string = randomUUID(),
): Promise<void> {
  const request: RetryRequest = { schemaVersion: 1, ...asked };
  await bus.js.publish(retrySubject(at), JSON.stringify(RetryRequest.parse(request)), {
    msgID: requestId,
    headers: tracedHeaders(),
  });
}

const AT_ONCE = 256;

/**
 * Asks for these records to be read and written again, whatever is known of them. `requestId`: the
 * same when the same request is told again; what was asked for within two minutes is not asked twice.
 */
export async function requestReplays(
  bus: Bus,
  at: TableAddress,
  keys: readonly string[],
  requestId: string,
): Promise<void> {
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const some = keys.slice(start, start + AT_ONCE);
    await Promise.all(
      some.map((key) => {
        const asked = { key, deadLetterId: null, replay: true };
        return requestRetry(bus, at, asked, `${requestId} ${key}`);
      }),
    );
  }
}

/** The table's requests, declared if they were not there. */
export async function openRetries(bus: Bus, at: TableAddress): Promise<Consumer> {
  await ensureConsumer(bus.jsm, RETRIES.name, retriesOf(at));
  return bus.js.consumers.get(RETRIES.name, tableConsumer(at));
}

/** The requests of all tables of a workflow that has one reader for them. */
export async function openAllRetries(bus: Bus, at: WorkflowAddress): Promise<Consumer> {
  await ensureConsumer(bus.jsm, RETRIES.name, allRetriesOf(at));
  return bus.js.consumers.get(RETRIES.name, workflowConsumer(at));
}

/** null: not a request of this version. */
export function readRetry(message: JsMsg): RetryRequest | null {
  try {
    return RetryRequest.parse(message.json());
  } catch {
    return null;
  }
}
