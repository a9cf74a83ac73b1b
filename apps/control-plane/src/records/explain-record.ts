import type { FoundRecord } from '@landbridge/campaign';
import type {
  ComparedField,
  FilterVerdictView,
  RecordEvidence,
  RecordExplanation,
  RecordVerdict,
  TableMapping,
} from '@landbridge/contracts';
import { columnsOf, mapKey, type MappingMetadata } from '@landbridge/mapping';
import type {
  ControlPlane,
  JudgingConfiguration,
  RecordAddress,
  RecordTraces,
} from '../control-plane.ts';
import { inTime, type Systems } from '../metadata/systems.ts';
import { compareRecord } from './compare-record.ts';
import { judgeRecord } from './judge-record.ts';
import type { RecordLookUps } from './record-look-ups.ts';
import { tellVerdict, type Telling } from './tell-verdict.ts';

export interface ExplainDeps {
  controlPlane: Pick<ControlPlane, 'records'>;
  systems: Systems;
  lookUps: RecordLookUps;
}

const id = (value: string) => value.toLowerCase();

/**
 * Why one record is or is not in Campaign, right now; all that is looked up is looked up at once.
 * `hideValues`: names of fields without what they hold, for readers who may not see it.
 */
export async function explainRecord(
  asked: RecordAddress,
  { hideValues }: { hideValues: boolean },
  deps: ExplainDeps,
): Promise<RecordExplanation> {
  const startedMs = performance.now();
  const address = { ...asked, id: id(asked.id) };
  const judging = await deps.controlPlane.records.configuration(address.instance);
  const mapping = judging.configuration.mappings.find(
    ({ dynamicsTable }) => dynamicsTable === address.table,
  );
  const answer =
    mapping === undefined
      ? await unmapped(address, deps)
      : await mapped(address, mapping, judging, hideValues, deps);
  const { from, revision, runId, editPending } = judging;
  return {
    table: address.table,
    id: address.id,
    summary: tellVerdict(answer.verdict, answer.telling),
    verdict: answer.verdict,
    configuration: { from, revision, runId, editPending },
    evidence: answer.evidence,
    tookMs: Math.round(performance.now() - startedMs),
  };
}

interface Answer {
  verdict: RecordVerdict;
  evidence: RecordEvidence;
  telling: Telling;
}

async function unmapped(address: RecordAddress, deps: ExplainDeps): Promise<Answer> {
  const traces = await deps.controlPlane.records.traces(address);
  const evidence = evidenceOf(traces, { row: null, filter: null, campaign: null });
  return { verdict: { kind: 'notMapped' }, evidence, telling: tellingOf('record', null, traces) };
}

async function mapped(
  address: RecordAddress,
  mapping: TableMapping,
  configuration: JudgingConfiguration,
  hideValues: boolean,
  { controlPlane, systems, lookUps }: ExplainDeps,
): Promise<Answer> {
  const at = { instance: address.instance, mapping };
  const traced = controlPlane.records.traces(address);
  const [metadata, { client }] = await Promise.all([
    lookUps.metadata(at),
    systems.dynamics(address.instance),
  ]);
  const rowRead = inTime(async (signal) => {
    const selection = { table: metadata.table, columns: columnsOf(mapping), signal };
    return (await client.row({ ...selection, id: address.id })).value;
  });
  const keyFound = findKey(address, mapping, metadata, traced, rowRead);
  const campaignRead = keyFound.then(async (key) =>
    key === null ? null : { key, found: await lookUps.campaignRecord(at, metadata, key) },
  );
  const [traces, row, campaign] = await Promise.all([traced, rowRead, campaignRead]);
  const found: FoundRecord = campaign?.found ?? { found: 'no' };
  const comparison =
    row === null ? null : compareRecord(row, mapping, metadata, found, { hideValues });
  const verdict = judgeRecord({ configuration, mapping, row, traces, comparison, found });
  const fields = comparison?.fields ?? [];
  return {
    verdict,
    evidence: evidenceOf(traces, {
      row,
      filter: comparison?.filter ?? null,
      campaign:
        campaign === null
          ? null
          : { ...campaign, fields: hideValues ? fields.map(withoutValues) : fields },
    }),
    telling: tellingOf(metadata.table.label.toLowerCase(), comparison?.filter ?? null, traces),
  };
}

/** By which key Campaign knows the record: by its id where that is the key, else as its row says. */
async function findKey(
  { id: recordId }: RecordAddress,
  mapping: TableMapping,
  metadata: MappingMetadata,
  traced: Promise<RecordTraces>,
  rowRead: Promise<{ columns: Readonly<Record<string, unknown>> } | null>,
): Promise<string | null> {
  const { technicalValues, key } = mapping;
  const keyIn = (columns: Readonly<Record<string, unknown>>): string | null => {
    const found = mapKey(columns, mapping, metadata, { technicalValues });
    return found.ok ? found.value : null;
  };
  if (key.dynamics === metadata.table.primaryId) return keyIn({ [key.dynamics]: recordId });
  const row = await rowRead;
  if (row !== null) return keyIn(row.columns);
  const remembered = (await traced).memory?.entry.extra?.['key'];
  return typeof remembered === 'string' ? remembered : null;
}

function evidenceOf(
  { queue, memory, deadLetter, reading }: RecordTraces,
  seen: {
    row: { modifiedOn: string | null; version: string | null } | null;
    filter: FilterVerdictView | null;
    campaign: { key: string; found: FoundRecord; fields: ComparedField[] } | null;
  },
): RecordEvidence {
  const { row, filter, campaign } = seen;
  return {
    dynamics: row === null ? null : { modifiedOn: instantOf(row.modifiedOn), version: row.version },
    filter,
    queue: {
      messages: queue.messages.map(({ record, queuedAt, handedOut }) => ({
        since: queuedAt.toISOString(),
        change: record.change,
        version: record.version,
        beingWritten: handedOut,
      })),
      searchedAll: queue.searchedAll,
      lookedAtCount: queue.lookedAtCount,
    },
    memory:
      memory === null
        ? null
        : {
            writtenAt: memory.storedAt.toISOString(),
            version: memory.entry.version,
            deleted: memory.entry.hash === null,
          },
    deadLetter:
      deadLetter === null
        ? null
        : {
            id: deadLetter.id,
            reason: deadLetter.reason,
            attempts: deadLetter.attempts,
            since: deadLetter.since,
          },
    reading,
    campaign:
      campaign === null
        ? null
        : { key: campaign.key, found: campaign.found.found, fields: campaign.fields },
  };
}

/** Dynamics leaves out what is zero; ours has milliseconds and `Z` always. */
const instantOf = (text: string | null): string | null =>
  text === null ? null : new Date(text).toISOString();

const withoutValues = ({ campaign, dynamics, applyUpdates, rejected, differs }: ComparedField) => ({
  campaign,
  dynamics,
  applyUpdates,
  rejected,
  differs,
});

const tellingOf = (
  noun: string,
  filter: FilterVerdictView | null,
  { queue, campaignHides }: RecordTraces,
): Telling => ({
  noun,
  filter,
  campaignHides,
  queueSearchedAll: queue.searchedAll,
  queueLookedAtCount: queue.lookedAtCount,
});
