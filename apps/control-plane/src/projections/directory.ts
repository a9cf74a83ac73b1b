import type { InstanceId } from '@landbridge/contracts';
import type { EventLog } from '@landbridge/event-log';
import { foldInstance, NO_INSTANCE, type InstanceState } from '../instances/instance.decider.ts';
import { InstanceEvent } from '../instances/instance.events.ts';
import { readLogged } from './logged.ts';
import { instanceOf, STREAM_PREFIX } from './stream-ids.ts';

export type KnownInstances = ReadonlyMap<InstanceId, InstanceState>;

/** Which instances there are. */
export interface Directory {
  load(): Promise<KnownInstances>;
  /** By the log's position instead of by now. */
  loadUpTo(position: bigint): Promise<KnownInstances>;
}

const PAGE = 500;

/** Folds every instance's stream; what was folded stays in memory and only the rest is read. */
export function createDirectory(log: EventLog): Directory {
  let kept: { position: bigint; instances: KnownInstances } = {
    position: 0n,
    instances: new Map(),
  };
  const foldOn = async (from: typeof kept, to: bigint): Promise<typeof kept> => {
    const instances = new Map(from.instances);
    for (let after = from.position; after < to;) {
      const page = await log.readAll({ after, limit: PAGE, streamPrefix: STREAM_PREFIX.instance });
      for (const recorded of page) {
        const instance = instanceOf(recorded.streamId);
        if (instance === null || recorded.position > to) continue;
        const before = instances.get(instance) ?? NO_INSTANCE;
        instances.set(instance, foldInstance(before, readLogged(InstanceEvent, recorded)));
      }
      const last = page.at(-1);
      if (page.length < PAGE || last === undefined) break;
      after = last.position;
    }
    return { position: to, instances };
  };
  return {
    load: async () => {
      const folded = await foldOn(kept, await log.head());
      if (folded.position > kept.position) kept = folded;
      return existing(folded.instances);
    },
    loadUpTo: async (position) => {
      const from = position >= kept.position ? kept : { position: 0n, instances: new Map() };
      return existing((await foldOn(from, position)).instances);
    },
  };
}

const existing = (instances: KnownInstances): KnownInstances =>
  new Map([...instances].filter(([, { body }]) => body !== null));
