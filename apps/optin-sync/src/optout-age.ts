import type { InstanceId } from '@landbridge/contracts';
import { Gauge, type MetricsRegistry } from '@landbridge/telemetry';
import type { OptoutWatch } from './writing/optout-watch.ts';

/** The age of the oldest opt-out that is not written yet, told for each instance in hand. */
export type OptoutAge = {
  watch(instance: InstanceId, optouts: Pick<OptoutWatch, 'oldestMs'>): Disposable;
};

const known = new WeakMap<MetricsRegistry, OptoutAge>();

/** One gauge for each registry, however many runs share it; asked for when somebody reads it. */
export function optoutAge(registry: MetricsRegistry | undefined): OptoutAge {
  if (registry === undefined) return { watch: () => ({ [Symbol.dispose]: () => undefined }) };
  const existing = known.get(registry);
  if (existing !== undefined) return existing;
  const watched = new Map<InstanceId, Pick<OptoutWatch, 'oldestMs'>>();
  const gauge = new Gauge({
    name: 'landbridge_optout_oldest_unwritten_seconds',
    help: 'Since when the oldest opt-out waits to be written; 0: none does',
    labelNames: ['instance'],
    registers: [registry],
    async collect() {
      for (const [instance, optouts] of watched) {
        // While NATS is away, the last value stands; its own metric says that it is away.
        const ms = await optouts.oldestMs().catch(() => null);
        if (ms !== null) this.set({ instance }, ms / 1_000);
      }
    },
  });
  const age: OptoutAge = {
    watch: (instance, optouts) => {
      watched.set(instance, optouts);
      return {
        [Symbol.dispose]: () => {
          if (watched.get(instance) !== optouts) return;
          watched.delete(instance);
          gauge.remove({ instance });
        },
      };
    },
  };
  known.set(registry, age);
  return age;
}
