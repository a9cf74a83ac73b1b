import { setTimeout as sleep } from 'node:timers/promises';
import { type Bus, openPartition, type WorkflowAddress } from '@landbridge/messaging';
import type { Log } from '@landbridge/telemetry';
import type { JsMsg } from '@nats-io/jetstream';
import { backoffMs } from './backoff.ts';
import { pumpBatches } from './batch-pump.ts';
import { batchWrite } from './batch-write.ts';
import type { PipelineOptions } from './pipeline.ts';
import { pump } from './pump.ts';
import { recordWrite, type Written } from './record-write.ts';

export interface PumpDeps {
  bus: Bus;
  at: WorkflowAddress;
  log: Log;
  unexpectedAttemptsMax: number;
  settleOne: (message: JsMsg, written: Written) => Promise<void>;
}

/** How the queue hands out what this writer takes. */
export const handOutOf = (write: PipelineOptions['write']): 'oneByOne' | 'inBatches' =>
  typeof write === 'function' ? 'oneByOne' : 'inBatches';

/** Writes one partition until `signal` aborts, also over times when NATS is away. */
export async function pumpPartition(
  partition: number,
  write: PipelineOptions['write'],
  deps: PumpDeps,
  signal: AbortSignal,
): Promise<void> {
  const { bus, at, log, settleOne } = deps;
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      const consumer = await openPartition(bus, at, partition, handOutOf(write));
      if (typeof write === 'function') {
        await pump(consumer, recordWrite(write, deps), settleOne, signal);
      } else {
        const both = { write: batchWrite(write.batch, deps), settleOne };
        await pumpBatches(consumer, write.recordsMax, both, signal);
      }
    } catch (err) {
      log.warn({ err, partition }, 'a partition cannot be fetched from; trying again');
      const delayMs = backoffMs(failures, { capMs: 2_000 });
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
