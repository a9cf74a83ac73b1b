import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { MessageWrite, Written } from './record-write.ts';

/** One pull hands out so many records, one after the other, each once the one before is settled. */
const PULL_MESSAGES_MAX = 500;
/** Short, because a pull that a restarted server knows nothing of is waited for until it expires. */
const PULL_EXPIRES_MS = 2_000;
/** A record that was on its way when the stop came is here by then. */
const ON_ITS_WAY_MS = 250;

/**
 * Drains one partition, record by record, until `signal` aborts; first settles what is in hand.
 * The pull is given up before the last record is settled, so that the server hands out no other:
 * a delivered, unsettled message would be left behind, and the next start would have to sit it out.
 */
export async function pump(
  partition: Consumer,
  write: MessageWrite,
  settleOne: (message: JsMsg, written: Written) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const stopping = (): boolean => signal.aborted;
  while (!stopping()) {
    const pull = await partition.fetch({
      max_messages: PULL_MESSAGES_MAX,
      expires: PULL_EXPIRES_MS,
    });
    using _ = stopSoonAfter(pull, signal);
    for await (const message of pull) {
      if (stopping()) pull.stop();
      const written = await write(message);
      if (stopping()) pull.stop();
      if (written !== null) await settleOne(message, written);
    }
  }
}

function stopSoonAfter(pull: ConsumerMessages, signal: AbortSignal): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    timer = setTimeout(() => pull.stop(), ON_ITS_WAY_MS);
  };
  signal.addEventListener('abort', soon, { once: true });
  if (signal.aborted) soon();
  return {
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', soon);
      clearTimeout(timer);
      pull.stop();
    },
  };
}
