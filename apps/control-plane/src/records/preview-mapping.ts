import type { FoundRecord } from '@landbridge/campaign';
import type {
  InstanceId,
  Preview,
  PreviewBody,
  PreviewedRecord,
  PreviewOutcome,
  SourceValueView,
  TableMapping,
  TableName,
} from '@landbridge/contracts';
import type { DynamicsRow } from '@landbridge/dynamics';
import {
  columnNamed,
  columnsOf,
  labelOfValue,
  mapKey,
  type MappingMetadata,
} from '@landbridge/mapping';
import type { ControlPlane } from '../control-plane.ts';
import { NotFound } from '../errors.ts';
import { inTime, type Systems } from '../metadata/systems.ts';
import { HttpProblem } from '../problems.ts';
import { checkConfiguration } from '../workflows/check-configuration.ts';
import { compareRecord, type Comparison } from './compare-record.ts';
import type { MappedTable, RecordLookUps } from './record-look-ups.ts';

const LAST_DEFAULT = 5;
/** Campaign is asked for so many records at once. */
const AT_ONCE = 4;

export interface PreviewDeps {
  controlPlane: Pick<ControlPlane, 'records' | 'settings' | 'workflows'>;
  systems: Systems;
  lookUps: RecordLookUps;
}

/**
 * What a mapping would do to real records. Writes nothing.
 * Throws  NotFound (no draft, and no saved mapping); HttpProblem `configuration-invalid` with
 *         pointers into the body for a draft that could not be saved.
 */
export async function previewMapping(
  { instance, table }: { instance: InstanceId; table: TableName },
  body: PreviewBody,
  deps: PreviewDeps,
): Promise<Preview> {
  const { mapping, warnings } = await mappingToTry(instance, table, body.mapping, deps);
  const at = { instance, mapping };
  const metadata = await deps.lookUps.metadata(at);
  const rows = await rowsToTry(at, metadata, body, deps.systems);
  const records: PreviewedRecord[] = [];
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const some = rows.slice(start, start + AT_ONCE);
    records.push(...(await Promise.all(some.map((row) => previewRow(row, at, metadata, deps)))));
  }
  const there = new Set(rows.map(({ id }) => id));
  const notFound = (body.ids ?? []).filter((id) => !there.has(id.toLowerCase()));
  return { records, notFound, warnings };
}

type Chosen = { mapping: TableMapping; warnings: Preview['warnings'] };

async function mappingToTry(
  instance: InstanceId,
  table: TableName,
  draft: TableMapping | undefined,
  { controlPlane, systems }: PreviewDeps,
): Promise<Chosen> {
  const saved = await controlPlane.workflows.configuration({ instance, workflow: 'ingress' });
  const { mappings } = saved.configuration;
  const index = mappings.findIndex(({ dynamicsTable }) => dynamicsTable === table);
  if (draft === undefined) {
    const mapping = mappings[index];
    if (mapping === undefined) throw new NotFound(`mapping of ${table}`);
    return { mapping, warnings: [] };
  }
  if (draft.dynamicsTable !== table) {
    throw invalidDraft([
      { pointer: '/mapping/dynamicsTable', message: `is not ${table}, which the path names` },
    ]);
  }
  // Judged among its neighbours: a link may lead to another mapped table.
  const place = index < 0 ? mappings.length : index;
  const configuration = {
    ...saved.configuration,
    mappings: [...mappings.slice(0, place), draft, ...mappings.slice(place + 1)],
  };
  const { settings } = await controlPlane.settings.get(instance);
  const judged = { instance, settings };
  const { errors, warnings } = await checkConfiguration(configuration, judged, systems);
  const ofDraft = (found: Preview['warnings']) =>
    found
      .filter(({ pointer }) => `${pointer}/`.startsWith(`/mappings/${place}/`))
      .map(({ pointer, message }) => ({
        pointer: pointer.replace(`/mappings/${place}`, '/mapping'),
        message,
      }));
  const faults = ofDraft(errors);
  if (faults.length > 0) throw invalidDraft(faults);
  return { mapping: draft, warnings: ofDraft(warnings) };
}

const invalidDraft = (errors: { pointer: string; message: string }[]): HttpProblem =>
  new HttpProblem({
    kind: 'configuration-invalid',
    detail: 'The draft could not be saved as it is, so nothing was tried with it.',
    errors,
  });

async function rowsToTry(
  { instance, mapping }: MappedTable,
  { table }: MappingMetadata,
  { ids, last = LAST_DEFAULT }: PreviewBody,
  systems: Systems,
): Promise<DynamicsRow[]> {
  const { client } = await systems.dynamics(instance);
  return inTime(async (signal) => {
    const selection = { table, columns: columnsOf(mapping), signal };
    if (ids === undefined) {
      return (await client.lastModified({ ...selection, count: last })).value;
    }
    const { value } = await client.rowsByIds({ ...selection, ids });
    const place = (row: DynamicsRow) => ids.findIndex((one) => one.toLowerCase() === row.id);
    return value.toSorted((one, other) => place(one) - place(other));
  });
}

async function previewRow(
  row: DynamicsRow,
  at: MappedTable,
  metadata: MappingMetadata,
  { controlPlane, lookUps }: PreviewDeps,
): Promise<PreviewedRecord> {
  const { instance, mapping } = at;
  const { technicalValues } = mapping;
  const key = mapKey(row.columns, mapping, metadata, { technicalValues });
  const record = { instance, table: mapping.dynamicsTable, id: row.id };
  const [found, { memory }] = await Promise.all([
    key.ok ? lookUps.campaignRecord(at, metadata, key.value) : null,
    controlPlane.records.memory(record),
  ]);
  const comparison = compareRecord(row, mapping, metadata, found);
  const isOurs = memory !== null && memory.entry.hash !== null;
  const outcome = outcomeOf(comparison, mapping, found, isOurs);
  const changes = changesOf(outcome, comparison);
  return {
    id: row.id,
    modifiedOn: row.modifiedOn === null ? null : new Date(row.modifiedOn).toISOString(),
    summary: tellOutcome(outcome, comparison, changes),
    outcome,
    source: columnsOf(mapping).map((name) => sourceValue(name, row, metadata)),
    filter: comparison.filter,
    key: {
      campaign: mapping.key.campaign,
      value: key.ok ? key.value : null,
      rejected: key.ok ? null : { code: key.reason.code, message: key.reason.message },
    },
    fields: comparison.fields,
    changes,
    inCampaign: found?.found ?? 'unknown',
  };
}

function sourceValue(name: string, row: DynamicsRow, { table }: MappingMetadata): SourceValueView {
  const column = columnNamed(table, name);
  const value = row.columns[name];
  return {
    column: name,
    label: column?.label ?? name,
    ...(value === undefined ? {} : { value }),
    valueLabel: column === undefined ? null : labelOfValue(value, column),
  };
}

function outcomeOf(
  { filter, mapped, differing }: Comparison,
  { deleteFilteredOut }: TableMapping,
  found: FoundRecord | null,
  isOurs: boolean,
): PreviewOutcome {
  const isThere = found !== null && found.found !== 'no';
  if (filter.verdict === 'fails') {
    return deleteFilteredOut && isOurs && isThere ? 'delete' : 'leftOut';
  }
  if (!mapped.ok || found === null || found.found === 'several') return 'rejected';
  if (found.found === 'no') return 'insert';
  return differing.length > 0 ? 'update' : 'nothing';
}

function changesOf(outcome: PreviewOutcome, { mapped, differing }: Comparison): string[] {
  if (outcome === 'update') return differing;
  if (outcome !== 'insert' || !mapped.ok) return [];
  return [mapped.keyField, ...Object.keys({ ...mapped.followed, ...mapped.onInsert })];
}

function tellOutcome(
  outcome: PreviewOutcome,
  { filter, mapped }: Comparison,
  changes: readonly string[],
): string {
  const because = filter.deciding.map(({ sentence }) => sentence).join(', and ');
  switch (outcome) {
    case 'insert':
      return 'A write would insert it into Campaign.';
    case 'update':
      return `A write would change ${changes.join(', ')}.`;
    case 'nothing':
      return 'Campaign holds it already; a write would change nothing.';
    case 'delete':
      return `It would be deleted in Campaign because ${because}.`;
    case 'leftOut':
      return `It is left out because ${because}.`;
    case 'rejected':
      return mapped.ok
        ? 'It cannot be written: Campaign has more than one record with its key.'
        : `It cannot be written: ${mapped.rejected.message}.`;
  }
}
