import { DesiredState, InstanceId, type WorkflowName } from '@landbridge/contracts';
import type { KvEntry } from '@nats-io/kv';
import type { Bus } from './bus.ts';
import { isWrongSequence } from './errors.ts';
import { desiredFilter, desiredKey, tokenText, type WorkflowAddress } from './subjects.ts';

/** A wake-up may be lost while NATS restarts, so the whole bucket is looked at this often too. */
const LOOK_AGAIN_MS = 15_000;

/**
 * Tells the services what a workflow should be doing, unless the bucket already knows something
 * from the same or a later position of the log. True: published.
 */
export async function publishDesired(bus: Bus, state: DesiredState): Promise<boolean> {
  const key = desiredKey(state);
  const body = JSON.stringify(DesiredState.parse(state));
  for (;;) {
    const entry = await bus.desired.get(key);
    const known = entry === null ? null : readState(entry);
    if (known !== null && BigInt(known.position) >= BigInt(state.position)) return false;
    if (await putIfUnmoved(bus, key, body, entry?.revision ?? 0)) return true;
  }
}

/** What the workflow should be doing; null when nobody ever said or it cannot be read. */
export async function readDesired(bus: Bus, at: WorkflowAddress): Promise<DesiredState | null> {
  const entry = await bus.desired.get(desiredKey(at));
  return entry === null ? null : readState(entry);
}

/** Forgets an instance's workflow; its services see it as stopped. */
export async function removeDesired(bus: Bus, at: WorkflowAddress): Promise<void> {
  await bus.desired.purge(desiredKey(at));
}

/** What `onChange` gets: the state as it is now, null where it was removed. */
export type OnDesired = (instance: InstanceId, state: DesiredState | null) => void | Promise<void>;

export interface DesiredWatch {
  /** No call of `onChange` begins after this. */
  close(): Promise<void>;
}

/**
 * Calls `onChange` with the state of each instance now, and again whenever it may have changed.
 * Calls come one at a time; the same state may come more than once. `onChange` must not throw.
 */
export async function watchDesired(
  bus: Bus,
  workflow: WorkflowName,
  onChange: OnDesired,
): Promise<DesiredWatch> {
  const closing = new AbortController();
  const { signal } = closing;
  const turns = new Turns(bus, onChange, signal);
  const watch = await bus.desired.watch({ key: desiredFilter(workflow) });
  const loop = (async () => {
    for await (const { key } of watch) turns.add(key);
  })();
  const timer = setInterval(() => void lookAgain(bus, workflow, turns), LOOK_AGAIN_MS);
  return {
    close: async () => {
      closing.abort();
      clearInterval(timer);
      watch.stop();
      await loop.catch(() => undefined);
      await turns.done();
    },
  };
}

/** A wake-up carries no data: it names a key, and the key's state is read when its turn comes. */
class Turns {
  readonly #bus: Bus;
  readonly #onChange: OnDesired;
  readonly #signal: AbortSignal;
  readonly #waiting = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  constructor(bus: Bus, onChange: OnDesired, signal: AbortSignal) {
    this.#bus = bus;
    this.#onChange = onChange;
    this.#signal = signal;
  }

  add(key: string): void {
    if (this.#signal.aborted || this.#waiting.has(key)) return;
    this.#waiting.add(key);
    this.#last = this.#last.then(() => this.#take(key));
  }

  done(): Promise<void> {
    return this.#last;
  }

  async #take(key: string): Promise<void> {
    this.#waiting.delete(key);
    if (this.#signal.aborted) return;
    try {
      const instance = instanceOf(key);
      const entry = await this.#bus.desired.get(key);
      const state = entry === null ? null : readState(entry);
      if (entry !== null && state === null && entry.operation === 'PUT') {
        this.#bus.log.error({ instance }, 'a desired state is unreadable; things stay as they are');
        return;
      }
      await this.#onChange(instance, state);
    } catch (err) {
      this.#bus.log.warn({ err, key }, 'a desired state could not be read; looking again');
    }
  }
}

async function lookAgain(bus: Bus, workflow: WorkflowName, turns: Turns): Promise<void> {
  try {
    for await (const key of await bus.desired.keys(desiredFilter(workflow))) turns.add(key);
  } catch (err) {
    bus.log.warn({ err }, 'desired states could not be listed; looking again later');
  }
}

function readState(entry: KvEntry): DesiredState | null {
  if (entry.operation !== 'PUT') return null;
  try {
    return DesiredState.parse(JSON.parse(entry.string()));
  } catch {
    return null;
  }
}

const instanceOf = (key: string): InstanceId =>
  InstanceId.parse(tokenText(key.slice(key.indexOf('.') + 1)));

async function putIfUnmoved(
  bus: Bus,
  key: string,
  body: string,
  revision: number,
): Promise<boolean> {
  try {
    await bus.desired.put(key, body, { previousSeq: revision });
    return true;
  } catch (error) {
    if (isWrongSequence(error)) return false;
    throw error;
  }
}
