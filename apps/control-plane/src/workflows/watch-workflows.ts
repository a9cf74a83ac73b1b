import type { InstanceId, WorkflowView } from '@landbridge/contracts';
import type { RecordedEvent } from '@landbridge/event-log';
import type { WorkflowChange } from '../control-plane.ts';
import { keysOf, type Stores } from '../projections/stores.ts';
import { beginWatched, type WatchedState } from './watched-state.ts';

/** Rates fade without an event; a watcher sees that at most this much later. */
const FADE_EVERY_MS = 2_000;

/**
 * Every change of a workflow's view after a position, in the log's order, until `signal` aborts.
 * What happened up to now is folded event by event, so a watcher that was away misses nothing. One
 * without a position, or with one that the log never reached (an older backup was restored, say),
 * first gets the present view of each workflow.
 * Shape   an event that changes several views gives each but the last the position before it, so
 *         that whoever is cut off between them gets the event again.
 */
export async function* watchWorkflows(
  stores: Stores,
  after: bigint | null,
  signal: AbortSignal,
): AsyncGenerator<WorkflowChange, void, undefined> {
  const head = await stores.log.head();
  const resumed = after !== null && after <= head ? after : null;
  const begin = resumed ?? head;
  const watched = await beginWatched(stores, begin);
  const sent = new Map<string, string>();
  const changed = (views: WorkflowView[]): WorkflowView[] =>
    views.filter((view) => {
      const name = `${view.instance} ${view.workflow}`;
      const text = JSON.stringify(view);
      const isNew = sent.get(name) !== text;
      sent.set(name, text);
      return isNew;
    });

  const now = resumed === null ? new Date() : watched.asOf;
  const present = changed(viewsOf(watched, watched.instances(), now));
  if (resumed === null) {
    for (const view of present) yield { position: begin, view };
  }

  let position = begin;
  for await (const recorded of events(stores, begin, signal)) {
    if (recorded === null) {
      const faded = changed(viewsOf(watched, watched.fading(), new Date()));
      for (const view of faded) yield { position, view };
      continue;
    }
    const touched = watched.take(recorded);
    const views = changed(viewsOf(watched, touched, recorded.recordedAt));
    for (const view of views.slice(0, -1)) yield { position, view };
    position = recorded.position;
    const last = views.at(-1);
    if (last !== undefined) yield { position, view: last };
  }
}

const viewsOf = (watched: WatchedState, of: Iterable<InstanceId>, now: Date): WorkflowView[] =>
  [...of].flatMap((instance) =>
    keysOf(instance)
      .map((key) => watched.view(key, now))
      .filter((view) => view !== null),
  );

/** Events as they are recorded, and null when none was for a while. */
async function* events(
  { log }: Stores,
  after: bigint,
  signal: AbortSignal,
): AsyncGenerator<RecordedEvent | null, void, undefined> {
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  let batch: RecordedEvent[] = [];
  let wake = Promise.withResolvers<null>();
  let taken = Promise.withResolvers<null>();
  const failures: unknown[] = [];
  const isOver = () => until.aborted;
  const stop = () => {
    wake.resolve(null);
    taken.resolve(null);
  };
  until.addEventListener('abort', stop, { once: true });
  const subscription = log
    .subscribe({
      after,
      signal: until,
      onBatch: async (page) => {
        if (isOver()) return;
        batch = page;
        taken = Promise.withResolvers();
        wake.resolve(null);
        await taken.promise;
      },
    })
    .catch((error: unknown) => {
      failures.push(error);
    })
    .finally(stop);
  try {
    while (!isOver()) {
      const fade = setTimeout(() => wake.resolve(null), FADE_EVERY_MS);
      await wake.promise;
      clearTimeout(fade);
      wake = Promise.withResolvers();
      if (failures.length > 0) throw failures[0];
      const page = batch;
      batch = [];
      for (const recorded of page) {
        if (isOver()) return;
        yield recorded;
      }
      if (page.length > 0) taken.resolve(null);
      else if (!isOver()) yield null;
    }
  } finally {
    ended.abort();
    await subscription;
  }
}
