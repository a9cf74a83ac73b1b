import {
  COMPLETE_SINCE,
  edgesOfChild,
  edgesOfParent,
  findDelete,
  isAbsence,
  leavingOf,
  linkEdges,
  readCursor,
  rememberedWrite,
  searchQueue,
  standingOf,
  type Bus,
  type RememberedWrite,
  type SavedCursor,
  type TableAddress,
} from '@landbridge/messaging';
import type { ControlPlane, RecordAddress, RecordMemory, RecordTraces } from '../control-plane.ts';
import { deadLetterOf, discardOf } from '../dead-letters/dead-letter-of-record.ts';
import { NotFound } from '../errors.ts';
import { instanceIn, type Stores } from '../projections/stores.ts';
import { workflowStream } from '../projections/stream-ids.ts';
import { pendingEditIn } from '../workflows/pending-edit.ts';
import { activeRun, statusOf } from '../workflows/run-state.ts';
import { ingressOf } from '../workflows/workflow-configuration.ts';

const WORKFLOW = 'ingress';

/** What is known of single records without asking either system. */
export function createRecords(stores: Stores, bus: Bus): ControlPlane['records'] {
  const addressOf = ({ instance, table }: RecordAddress) =>
    ({
      workflow: WORKFLOW,
      instance,
      table,
    }) as const;
  const memoryOf = async (record: RecordAddress): Promise<RecordMemory & SavedCursor> => {
    const at = addressOf(record);
    const [memory, complete, saved] = await Promise.all([
      rememberedWrite(bus, at, record.id),
      rememberedWrite(bus, at, COMPLETE_SINCE),
      readCursor(bus, at),
    ]);
    // A table that was never read has a memory that is complete from its first load on.
    return { ...saved, memory, memoryIsComplete: complete !== null || saved.cursor === null };
  };
  return {
    configuration: async (instance) => {
      const { settings } = await instanceIn(stores, instance);
      const { state: record } = await stores.workflows.load(
        workflowStream({ instance, workflow: WORKFLOW }),
      );
      const { state } = record;
      const run = activeRun(state.run);
      const configuration = ingressOf(run?.configuration ?? state.configuration);
      if (configuration === null) throw new NotFound(`configuration of instance ${instance}`);
      return {
        configuration,
        from: run === null ? 'saved' : 'activeRun',
        revision: run?.revision ?? state.revision,
        runId: run?.runId ?? null,
        editPending: pendingEditIn(state, settings),
        running: statusOf(state.run) === 'RUNNING',
      };
    },
    traces: async (record) => {
      const at = addressOf(record);
      const self = { table: record.table, key: record.id };
      const [queue, { cursor, ...remembered }, deadLetter, discarded, edges, deletion, givenUpFor] =
        await Promise.all([
          searchQueue(bus, at, record.id),
          memoryOf(record),
          deadLetterOf(stores.log, at, self),
          discardOf(stores.log, at, self),
          edgesOfChild(bus, at, record.id),
          findDelete(bus, at, record.id),
          givenUpForOf(bus, at, record.id),
        ]);
      const [waiting] = edges.waiting;
      const { memory, memoryIsComplete } = remembered;
      return {
        queue,
        memory,
        memoryIsComplete,
        deadLetter,
        discarded,
        reading: phaseOf(cursor),
        waitsFor:
          waiting === undefined ? null : { table: waiting.parentTable, key: waiting.parentKey },
        campaignHides: waiting?.state === 'hidden' || waiting?.state === 'leaving',
        givenUpFor,
        leaving: await leavingNow(bus, at, record.id, memory),
        deletionHeldSince: deletion?.state === 'held' ? deletion.heldAt : null,
      };
    },
    memory: async (record) => {
      const { memory, memoryIsComplete } = await memoryOf(record);
      return { memory, memoryIsComplete };
    },
  };
}

/** Only the phase: the rest of a cursor is the reader's own. */
function phaseOf(cursor: Readonly<Record<string, unknown>> | null): RecordTraces['reading'] {
  const phase = cursor?.['phase'];
  return typeof phase === 'string' ? { phase } : null;
}

/** The parent that the record was given up for, and what has become of that. */
async function givenUpForOf(
  bus: Bus,
  at: TableAddress,
  key: string,
): Promise<RecordTraces['givenUpFor']> {
  for await (const edge of linkEdges(bus, at).givenUpBy({ table: at.table, key })) {
    const parent = { table: edge.parentTable, key: edge.parentKey };
    const memory = await rememberedWrite(bus, { ...at, table: parent.table }, parent.key);
    const standing = standingOf(memory?.entry ?? null);
    return { parent, absence: isAbsence(standing) ? standing : null };
  }
  return null;
}

/** Which records keep one in Campaign that is about to go. */
async function leavingNow(
  bus: Bus,
  at: TableAddress,
  key: string,
  memory: RememberedWrite | null,
): Promise<RecordTraces['leaving']> {
  const because = leavingOf(memory?.entry ?? null);
  if (because === null) return null;
  const { linked } = await edgesOfParent(bus, at, key);
  const [first] = linked;
  if (first === undefined) return null;
  const child = { table: first.childTable, key: first.childKey };
  return { because, child, count: linked.length };
}
