import type { HistoryEntry } from '@landbridge/contracts';
import type { EventLog, RecordedEvent } from '@landbridge/event-log';
import type { WorkflowKey } from '../control-plane.ts';
import { readDealings, type Dealt } from '../dead-letters/dealings.projection.ts';
import { InstanceEvent } from '../instances/instance.events.ts';
import { readLogged } from '../projections/logged.ts';
import { instanceStream, verificationsStream, workflowStream } from '../projections/stream-ids.ts';
import { VerificationEvent } from '../verifications/verification.events.ts';
import {
  tellDealing,
  tellInstanceEvent,
  tellVerificationEvent,
  tellWorkflowEvent,
} from './history-sentence.ts';
import { WorkflowEvent } from './workflow.events.ts';

/** One entry to be; `version`: of its own source, where the next page may go on. */
export interface Fact {
  position: bigint;
  version: number;
  tell: () => Promise<HistoryEntry>;
}

/** The newest facts first. `toVersion`: the highest to be read; null: from the newest on. */
export type HistorySource = (range: { toVersion: number | null; limit: number }) => Promise<Fact[]>;

/** Progress comes every second, and how it ended says enough. */
const TOLD_OF_VERIFICATIONS: readonly VerificationEvent['type'][] = [
  'VerificationRequested',
  'VerificationCancelled',
  'RepairRequested',
  'VerificationEnded',
];

/** All that the history of a workflow is merged of, in an order that cursors rely on. */
export const historySources = (log: EventLog, key: WorkflowKey): HistorySource[] => [
  streamSource(log, { streamId: workflowStream(key) }, (recorded) => tellRecorded(log, recorded)),
  streamSource(log, { streamId: instanceStream(key.instance) }, (recorded) =>
    tellInstanceEvent(readLogged(InstanceEvent, recorded).event),
  ),
  streamSource(
    log,
    { streamId: verificationsStream(key), types: TOLD_OF_VERIFICATIONS },
    (recorded) => tellVerificationEvent(readLogged(VerificationEvent, recorded).event),
  ),
  async (range) => (await readDealings(log, key, range)).map(dealtFact),
];

function streamSource(
  log: EventLog,
  { streamId, types }: { streamId: string; types?: readonly string[] },
  tell: (recorded: RecordedEvent) => string | Promise<string>,
): HistorySource {
  return async ({ toVersion, limit }) => {
    const range = { limit, ...(toVersion === null ? {} : { toVersion }) };
    const chosen = { backwards: true, ...range, ...(types === undefined ? {} : { types }) };
    return (await log.readStream(streamId, chosen)).map((recorded) => ({
      position: recorded.position,
      version: recorded.streamVersion,
      tell: async () => ({
        position: String(recorded.position),
        at: recorded.recordedAt.toISOString(),
        by: recorded.metadata.actor.name,
        type: recorded.type,
        summary: await tell(recorded),
        data: recorded.data,
      }),
    }));
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

/** One letter with all that is known of it; several with how many and of which table. */
function dealtFact({ position, version, at, by, event, table, count }: Dealt): Fact {
  const { type, ...data } = event;
  return {
    position,
    version,
    tell: async () => ({
      position: String(position),
      at: at.toISOString(),
      by,
      type,
      summary: tellDealing(event, { table, count }),
      data: count === 1 ? data : { table, count },
    }),
  };
}
