import type { Consumer, JsMsg } from '@nats-io/jetstream';
import type { Written } from './record-write.ts';

/** What became of each message, in their order; null: it may be somebody else's by now. */
export type BatchMessageWrite = (messages: readonly JsMsg[]) => Promise<(Written | null)[]>;

const FIRST_EXPIRES_MS = 1_000;
/** A batch that is not full is waited with for so long: what each costs is fewer requests then. */
const MORE_EXPIRES_MS = 1_000;

/**
 * Drains one partition in batches until `signal` aborts; first settles what is in hand. A batch is
 * full, or what came within a second after its first message.
 */
export async function pumpBatches(
  partition: Consumer,
  recordsMax: number,
  {
    write,
    settleOne,
  }: {
    write: BatchMessageWrite;
    settleOne: (message: JsMsg, written: Written) => Promise<void>;
  },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const messages = await takeBatch(partition, recordsMax, signal);
    if (messages.length === 0) continue;
    const written = await write(messages);
    await Promise.all(
      messages.map(async (message, index) => {
        const one = written[index] ?? null;
        if (one !== null) await settleOne(message, one);
      }),
    );
  }
}

async function takeBatch(
  partition: Consumer,
  recordsMax: number,
  signal: AbortSignal,
): Promise<JsMsg[]> {
  const first = await partition.next({ expires: FIRST_EXPIRES_MS });
  if (first === null) return [];
  const messages = [first];
  if (recordsMax === 1 || signal.aborted) return messages;
  const pull = await partition.fetch({ max_messages: recordsMax - 1, expires: MORE_EXPIRES_MS });
  for await (const message of pull) messages.push(message);
  return messages;
}
