import { setTimeout as sleep } from 'node:timers/promises';
import type { OptinRun, QueuedRecord } from '@landbridge/contracts';
import {
  agreePartitions,
  backlogOf,
  type Bus,
  partitionOfKey,
  publishRecords,
  writtenMemory,
} from '@landbridge/messaging';
import {
  type Reader,
  type RunHandle,
  RunFailedError,
  runPipeline,
  type StartContext,
} from '@landbridge/pipeline';
import type { Log, MetricsRegistry } from '@landbridge/telemetry';
import type { OptinConfig } from './config.ts';
import { type Ends, openEnds } from './ends.ts';
import { optoutAge } from './optout-age.ts';
import { createAsideReader } from './reading/aside.reader.ts';
import { createDynamicsReader } from './reading/dynamics.reader.ts';
import { createExportReader } from './reading/export.reader.ts';
import { createNewProfilesReader, ingressContacts } from './reading/new-profiles.reader.ts';
import { createPollReader } from './reading/poll.reader.ts';
import { RunVoice } from '@landbridge/pipeline';
import { probeProfiles } from './schema/probe-profiles.ts';
import { findSchema } from './schema/optin-schema.ts';
import { WatchedSchema } from './schema/watched-schema.ts';
import { createOptinWriter } from './writing/optin.writer.ts';
import { rejectUnreadableRows } from './writing/reject-unreadable-rows.ts';
import { type OptoutWatch, watchOptouts } from './writing/optout-watch.ts';

export type OptinDeps = {
  bus: Bus;
  config: OptinConfig;
  log: Log;
  registry?: MetricsRegistry;
  /** How the two systems are reached; `openEnds` where left out. */
  open?: typeof openEnds;
  now?: () => Date;
};

/** Calls are counted for these, as the figures name them. */
const TABLES = ['optout', 'optin'];

/**
 * Takes up one run in this process: checks both systems, then reads and writes until it is stopped
 * or meets what a person must mend.
 * Throws  RunFailedError, or the vendors' errors that time heals: then nothing of it is left.
 */
export async function runOptin(
  run: OptinRun,
  { replica, signal }: StartContext,
  deps: OptinDeps,
): Promise<RunHandle> {
  const { bus, config, log, registry, open = openEnds } = deps;
  const direction = directionOf(run);
  const ends = await open(run, { bus, replica, config, log });
  try {
    const voice = new RunVoice();
    const look = () =>
      findSchema(run.configuration, ends, (system, calls) => voice.spend('optin', system, calls));
    const schema = new WatchedSchema(await look(), look);
    const addressing = await probeProfiles(ends.campaign, schema.newest, voice);
    const at = { workflow: run.workflow, instance: run.instance };
    const memory = writtenMemory(bus, { ...at, table: 'contact' });
    const written = writtenMemory(bus, ingressContacts(run.instance));
    const watch = watchOptouts(bus, at);
    const partitions = await agreePartitions(bus, at, config.partitions);
    signal.throwIfAborted();
    const world = { ...deps, run, direction, ends, schema, memory, voice, watch, at };
    const pipeline = await runPipeline({
      bus,
      run,
      replica,
      readers: readersOf(world),
      write: rejectUnreadableRows(
        createOptinWriter({
          ...world,
          addressing,
          schema: () => schema.newest,
          promote: (record) => promote(record, partitions, world),
          isWritten: async (contactId) => ((await written.get(contactId))?.hash ?? null) !== null,
          now: deps.now ?? (() => new Date()),
        }),
      ),
      systems: { source: 'campaign', destination: 'dynamics' },
      tables: TABLES,
      partitions: config.partitions,
      limits: config.limits,
      log,
      registry,
    });
    voice.heardBy(pipeline);
    const age = optoutAge(registry).watch(run.instance, watch);
    const watching = new AbortController();
    const watched = schema.watch(
      { everyMs: config.metadataMs, log, sleep, onFault: (failure) => pipeline.fail(failure) },
      watching.signal,
    );
    const ended = pipeline.ended.then(async (end) => {
      watching.abort();
      age[Symbol.dispose]();
      await watched;
      await ends.close();
      return end;
    });
    return {
      ended,
      stop: async (reason) => {
        await pipeline.stop(reason);
        await ended;
      },
    };
  } catch (error) {
    await ends.close();
    throw error;
  }
}

type OptinWorld = OptinDeps & {
  run: OptinRun;
  direction: 'campaign-to-dynamics' | 'bidirectional';
  ends: Ends;
  schema: WatchedSchema;
  memory: ReturnType<typeof writtenMemory>;
  voice: RunVoice;
  watch: OptoutWatch;
  at: Pick<OptinRun, 'workflow' | 'instance'>;
};

/** Throws  RunFailedError: this workflow has nothing to do, and the message says why. */
function directionOf({ configuration }: OptinRun): OptinWorld['direction'] {
  const { direction, mappings } = configuration;
  const idle = (message: string, field: string) =>
    new RunFailedError({ code: 'configurationInvalid', system: 'landbridge', message, field });
  if (direction === 'disabled') throw idle('Opt-In/Out is disabled', 'direction');
  if (direction === 'dynamics-to-campaign') {
    const message =
      'Opt-outs from Dynamics 365 go with the contact mapping of the workflow "Microsoft Dynamics ' +
      '365 to Campaign"; this workflow has nothing to do';
    throw idle(message, 'direction');
  }
  if (mappings.length === 0) throw idle('No opt-out is mapped', 'mappings');
  return direction;
}

function readersOf(world: OptinWorld): Reader[] {
  const { bus, run, direction, ends, schema, memory, voice, watch, at, config } = world;
  const { configuration, instance } = run;
  const now = world.now ?? (() => new Date());
  const columns = new Map(
    configuration.mappings.map(({ campaign, dynamics }) => [campaign, dynamics]),
  );
  const common = { instance, columns, memory, voice, now };
  const campaign =
    ends.sftp === null
      ? createPollReader({
          ...common,
          poll: configuration.poll,
          campaign: ends.campaign,
          schema: () => schema.newest,
        })
      : createExportReader({
          ...common,
          files: configuration.export,
          sftp: ends.sftp,
          rowsMax: config.pageRowsMax,
          settledUntil: async (queuedAt) => {
            const { oldestAt } = await backlogOf(bus, at);
            return oldestAt === null || oldestAt.toISOString() > queuedAt;
          },
        });
  const aside = createAsideReader(bus, at, watch);
  if (direction === 'campaign-to-dynamics') return [campaign, aside];
  const dynamics = createDynamicsReader({
    ...common,
    dynamics: ends.dynamics,
    schema: () => schema.newest,
    pageRowsMax: config.pageRowsMax,
  });
  return [campaign, dynamics, aside, createNewProfilesReader({ bus, instance, memory })];
}

async function promote(
  record: QueuedRecord,
  partitions: number,
  { bus, at }: Pick<OptinWorld, 'bus' | 'at'>,
): Promise<void> {
  const partition = partitionOfKey('', record.key, partitions);
  const messageId = `${at.instance}/promoted/${record.key}/${record.readAt}`;
  await publishRecords(bus, at, [{ record: { ...record, table: 'optout' }, partition, messageId }]);
}
