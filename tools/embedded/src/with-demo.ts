import { type Everything, type EverythingOptions, startEverything } from './everything.ts';
import { type DemoSimulators, startDemoSimulators } from './simulators.ts';

/** A Landbridge with the two simulated systems of the demo; its `stop()` ends them as well. */
export interface WithDemo {
  landbridge: Everything;
  simulators: DemoSimulators;
}

/**
 * Starts the simulators before the services: runs of an earlier start go on at once with what they
 * talk to. Throws  what `startEverything` throws.
 */
export async function startWithDemo(
  options: EverythingOptions & { contacts: number },
): Promise<WithDemo> {
  const simulators = Promise.withResolvers<DemoSimulators>();
  const landbridge = await startEverything({
    ...options,
    beforeServices: async (folder) => {
      const started = await startDemoSimulators(folder, options, options.say);
      simulators.resolve(started);
      return started;
    },
  });
  return { landbridge, simulators: await simulators.promise };
}
