import { type DynamicsTableMetadata, type EgressRun, EventKind } from '@landbridge/contracts';
import type { ResourceRef } from '@landbridge/campaign';
import { awaitedCount, type Bus, layAside } from '@landbridge/messaging';
import {
  type Pipeline,
  type RunEnd,
  RunFailedError,
  type RunHandle,
  runPipeline,
  RunVoice,
  type StartContext,
} from '@landbridge/pipeline';
import type { Log, MetricsRegistry } from '@landbridge/telemetry';
import type { EgressConfig } from './config.ts';
import { type Ends, openEnds } from './ends.ts';
import { ActivitySchema, watchSchema } from './schema/activity-schema.ts';
import { campaignFailure, dynamicsFailure } from './schema/vendor-failures.ts';
import { AWAITED_TABLE, createAwaitedReader } from './waiting/awaited.reader.ts';
import { Contacts } from './writing/contact-of.ts';
import { createTimelineWriter } from './writing/timeline.writer.ts';

export type EgressDeps = {
  bus: Bus;
  config: EgressConfig;
  log: Log;
  registry?: MetricsRegistry;
  /** How the two systems are reached; `openEnds` where left out. */
  open?: typeof openEnds;
};

const SYSTEMS = { source: 'campaign', destination: 'dynamics' } as const;

/**
 * Takes up one run in this process: checks every table and column that events are written to, then
 * reads and writes until it is stopped or meets what a person must mend.
 * Throws  RunFailedError, or the vendors' errors that time heals: then nothing of it is left.
 */
export async function runEgress(
  run: EgressRun,
  { replica, signal }: StartContext,
  deps: EgressDeps,
): Promise<RunHandle> {
  const { bus, config, log, registry, open = openEnds } = deps;
  refuseAllOff(run);
  const ends = await open(run, { bus, replica, config, log });
  try {
    const voice = new RunVoice();
    const onSpent = (table: string, calls: number) => voice.spend(table, 'dynamics', calls);
    const schema = new ActivitySchema(run.configuration, ends.dynamics, onSpent);
    await schema.accept();
    const parts = await partsOf(run, ends, { ...deps, schema, voice });
    signal.throwIfAborted();
    const { workflow, instance } = run;
    const pipeline = await runPipeline({
      bus,
      run,
      replica,
      readers: [ends.source, parts.awaited],
      tables: EventKind.options.filter((kind) => run.configuration.events[kind]),
      write: { batch: parts.write, recordsMax: config.batchRecordsMax },
      systems: SYSTEMS,
      partitions: config.partitions,
      limits: config.limits,
      waitingCounts: () => countWaiting(bus, { workflow, instance }),
      log,
      registry,
    });
    voice.heardBy(pipeline);
    return watchOver(pipeline, schema, ends, deps);
  } catch (error) {
    await ends.close();
    throw error;
  }
}

function refuseAllOff({ configuration: { events } }: EgressRun): void {
  if (EventKind.options.some((kind) => events[kind])) return;
  const message = 'All event types are off: there is nothing to do';
  throw new RunFailedError({
    code: 'configurationInvalid',
    system: 'landbridge',
    field: 'events',
    message,
  });
}

async function partsOf(
  { workflow, instance, configuration }: EgressRun,
  ends: Ends,
  { bus, config, schema, voice }: EgressDeps & { schema: ActivitySchema; voice: RunVoice },
) {
  const at = { workflow, instance };
  const contactTable = await contactTableOf(ends, voice);
  const contacts = new Contacts({
    client: ends.campaign,
    profile: await profileOf(configuration, ends),
    recipientFilter: configuration.recipientFilter,
    onCalls: (calls) => voice.spend(AWAITED_TABLE, 'campaign', calls),
  });
  return {
    awaited: createAwaitedReader({
      bus,
      at,
      client: ends.dynamics,
      contactTable,
      contacts,
      waitMinutes: configuration.contactWaitMinutes,
      everyMs: config.waitingMs,
      onDynamicsCalls: (calls) => voice.spend(AWAITED_TABLE, 'dynamics', calls),
    }),
    write: createTimelineWriter({
      instance,
      configuration,
      client: ends.dynamics,
      schema,
      contacts,
      contactsPath: `/${contactTable.entitySet}`,
      layAside: (record) => layAside(bus, at, record),
    }),
  };
}

async function contactTableOf(ends: Ends, voice: RunVoice): Promise<DynamicsTableMetadata> {
  try {
    const { value, calls } = await ends.dynamics.table('contact');
    voice.spend(AWAITED_TABLE, 'dynamics', calls);
    return value;
  } catch (error) {
    const failure = dynamicsFailure(error, 'contact');
    throw failure === null ? error : new RunFailedError(failure, { cause: error });
  }
}

/** Campaign is asked for profiles only where events name them by their recipient id. */
async function profileOf(
  { recipientFilter }: EgressRun['configuration'],
  { campaign }: Ends,
): Promise<ResourceRef> {
  if (recipientFilter === null) return { resource: 'profile', endpoint: 'profileAndServicesExt' };
  try {
    return (await campaign.resource('profile')).value;
  } catch (error) {
    const failure = campaignFailure(error);
    throw failure === null ? error : new RunFailedError(failure, { cause: error });
  }
}

async function countWaiting(bus: Bus, at: Pick<EgressRun, 'workflow' | 'instance'>) {
  const counts = EventKind.options.map(
    async (table) => [table, await awaitedCount(bus, { ...at, table })] as const,
  );
  return new Map(await Promise.all(counts));
}

/** Watches the tables for as long as the run lives, and tidies up after it. */
function watchOver(
  pipeline: Pipeline,
  schema: ActivitySchema,
  ends: Ends,
  { config, log }: EgressDeps,
): RunHandle {
  const watching = new AbortController();
  const options = {
    everyMs: config.metadataMs,
    log,
    onFault: pipeline.fail.bind(pipeline),
  };
  const watch = watchSchema(schema, options, watching.signal);
  const end = async (): Promise<RunEnd> => {
    const ended = await pipeline.ended;
    watching.abort();
    await watch;
    await ends.close();
    return ended;
  };
  const ended = end();
  return {
    ended,
    stop: async (reason) => {
      await pipeline.stop(reason);
      await ended;
    },
  };
}
