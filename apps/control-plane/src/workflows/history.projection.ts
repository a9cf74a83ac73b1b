import type { HistoryEntry } from '@landbridge/contracts';
import type { EventLog, RecordedEvent } from '@landbridge/event-log';
import { z } from 'zod';
import type { Page, PageRequest, WorkflowKey } from '../control-plane.ts';
import { InstanceEvent } from '../instances/instance.events.ts';
import { decodeCursor, encodeCursor } from '../opaque-cursor.ts';
import { readLogged } from '../projections/logged.ts';
import { instanceStream, workflowStream } from '../projections/stream-ids.ts';
import { tellInstanceEvent, tellWorkflowEvent } from './history-sentence.ts';
import { WorkflowEvent } from './workflow.events.ts';

/** The versions of the two streams that are still to be told; what is newer was on earlier pages. */
const Version = z.int32().nonnegative();
const Cursor = z.tuple([Version, Version]);

/** What happened to a workflow and to its instance, newest first, a sentence each. */
export async function readHistory(
  log: EventLog,
  key: WorkflowKey,
  { cursor, limit }: PageRequest,
): Promise<Page<HistoryEntry>> {
  const streams = [workflowStream(key), instanceStream(key.instance)] as const;
  const [workflowTo, instanceTo] =
    cursor === null ? [Infinity, Infinity] : decodeCursor(Cursor, cursor);
  const [ofWorkflow, ofInstance] = await Promise.all([
    readBackwards(log, streams[0], workflowTo, limit + 1),
    readBackwards(log, streams[1], instanceTo, limit + 1),
  ]);
  const newestFirst = [...ofWorkflow, ...ofInstance].sort((one, other) =>
    one.position < other.position ? 1 : -1,
  );
  const page = newestFirst.slice(0, limit);
  const rest = newestFirst.slice(limit);
  const left = (stream: string) =>
    rest.find(({ streamId }) => streamId === stream)?.streamVersion ?? 0;
  return {
    items: await Promise.all(page.map((recorded) => toEntry(log, recorded, streams[0]))),
    next: rest.length > 0 ? encodeCursor([left(streams[0]), left(streams[1])]) : null,
  };
}

/** At most `limit` events of a stream up to a version, newest first. */
async function readBackwards(
  log: EventLog,
  streamId: string,
  toVersion: number,
  limit: number,
): Promise<RecordedEvent[]> {
  if (toVersion === 0) return [];
  if (toVersion === Infinity) return log.readStream(streamId, { backwards: true, limit });
  const fromVersion = Math.max(1, toVersion - limit + 1);
  const events = await log.readStream(streamId, {
    fromVersion,
    limit: toVersion - fromVersion + 1,
  });
  return events.reverse();
}

async function toEntry(
  log: EventLog,
  recorded: RecordedEvent,
  workflow: string,
): Promise<HistoryEntry> {
  return {
    position: String(recorded.position),
    at: recorded.recordedAt.toISOString(),
    by: recorded.metadata.actor.name,
    type: recorded.type,
    summary:
      recorded.streamId === workflow
        ? await tellRecorded(log, recorded)
        : tellInstanceEvent(readLogged(InstanceEvent, recorded).event),
    data: recorded.data,
  };
}

async function tellRecorded(log: EventLog, recorded: RecordedEvent): Promise<string> {
  const { event } = readLogged(WorkflowEvent, recorded);
  if (event.type !== 'ConfigurationSaved' || event.revision === 1) {
    return tellWorkflowEvent(event, null);
  }
  const earlier = await savedBefore(log, recorded);
  return tellWorkflowEvent(event, earlier);
}

async function savedBefore(log: EventLog, recorded: RecordedEvent) {
  const before = await log.lastOfType(recorded.streamId, 'ConfigurationSaved', {
    recordedBefore: new Date(recorded.recordedAt.getTime() - 1),
  });
  if (before === null) return null;
  const { event } = readLogged(WorkflowEvent, before);
  return event.type === 'ConfigurationSaved' ? event.configuration : null;
}
