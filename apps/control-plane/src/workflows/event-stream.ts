import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowView } from '@landbridge/contracts';
import type { WorkflowChange } from '../control-plane.ts';

/** How long a browser waits before it connects again after the stream broke, milliseconds. */
const RETRY_MS = 1_000;

const HEARTBEAT: unique symbol = Symbol('heartbeat');

/** One change in the form of server-sent events; `id` is what Last-Event-ID resumes after. */
const eventOf = ({ position, view }: WorkflowChange): string =>
  `event: workflow\nid: ${position}\ndata: ${JSON.stringify(WorkflowView.parse(view))}\n\n`;

async function heartbeatAfter(pauseMs: number, signal: AbortSignal): Promise<typeof HEARTBEAT> {
  try {
    await delay(pauseMs, undefined, { signal, ref: false });
  } catch {
    // Something else came first: nobody waits for this one any more.
  }
  return HEARTBEAT;
}

export interface EventStreamOptions {
  /** A comment goes out when nothing else did for so long, so that proxies keep the line open. */
  heartbeatMs: number;
  /** Whether the one who listens may see the change. */
  mayRead: (change: WorkflowChange) => boolean;
  signal: AbortSignal;
}

/**
 * The text of a server-sent event stream, piece by piece as it is pulled: a slow reader holds the
 * source back. Ends when the source ends or `signal` aborts.
 */
export async function* eventStream(
  source: AsyncIterable<WorkflowChange>,
  { heartbeatMs, mayRead, signal }: EventStreamOptions,
): AsyncGenerator<string, void, undefined> {
  const changes = source[Symbol.asyncIterator]();
  const ended = Promise.withResolvers<null>();
  const end = () => ended.resolve(null);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    yield `retry: ${RETRY_MS}\n: connected\n\n`;
    let next = changes.next();
    for (;;) {
      const pause = new AbortController();
      const heartbeat = heartbeatAfter(heartbeatMs, pause.signal);
      const arrived = await Promise.race([next, heartbeat, ended.promise]);
      pause.abort();
      if (arrived === null) return;
      if (arrived === HEARTBEAT) {
        yield ': heartbeat\n\n';
        continue;
      }
      if (arrived.done === true) return;
      if (mayRead(arrived.value)) yield eventOf(arrived.value);
      next = changes.next();
    }
  } finally {
    signal.removeEventListener('abort', end);
    void changes.return?.();
  }
}
