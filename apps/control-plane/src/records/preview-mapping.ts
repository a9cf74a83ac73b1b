import type {
  InstanceId,
  Preview,
  PreviewBody,
  PreviewedRecord,
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
import { compareRecord } from './compare-record.ts';
import { parentInTheWay } from './parent-in-the-way.ts';
import { changesOf, outcomeOf, tellOutcome } from './preview-outcome.ts';
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
  const { mapping, mappings, warnings } = await mappingToTry(instance, table, body.mapping, deps);
  const at = { instance, mapping };
  const metadata = await deps.lookUps.metadata(at);
  const rows = await rowsToTry(at, metadata, body, deps.systems);
  const records: PreviewedRecord[] = [];
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const some = rows.slice(start, start + AT_ONCE);
    const tried = some.map((row) => previewRow(row, at, metadata, { ...deps, mappings }));
    records.push(...(await Promise.all(tried)));
  }
  const there = new Set(rows.map(({ id }) => id));
  const notFound = (body.ids ?? []).filter((id) => !there.has(id.toLowerCase()));
  return { records, notFound, warnings };
}

/** `mappings`: all that would be saved. */
type Chosen = Pick<Preview, 'warnings'> & { mapping: TableMapping; mappings: TableMapping[] };

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
    return { mapping, mappings, warnings: [] };
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
  return { mapping: draft, mappings: configuration.mappings, warnings: ofDraft(warnings) };
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
  deps: PreviewDeps & { mappings: TableMapping[] },
): Promise<PreviewedRecord> {
  const { instance, mapping } = at;
  const { technicalValues } = mapping;
  const key = mapKey(row.columns, mapping, metadata, { technicalValues });
  const record = { instance, table: mapping.dynamicsTable, id: row.id };
  const [found, memory, inTheWay] = await Promise.all([
    key.ok ? deps.lookUps.campaignRecord(at, metadata, key.value) : null,
    deps.controlPlane.records.memory(record),
    parentInTheWay(row, at, metadata, deps),
  ]);
  const comparison = compareRecord(row, mapping, metadata, found);
  const previewed = { comparison, mapping, found, memory, inTheWay };
  const outcome = outcomeOf(previewed);
  const changes = changesOf(outcome, comparison);
  return {
    id: row.id,
    modifiedOn: row.modifiedOn === null ? null : new Date(row.modifiedOn).toISOString(),
    summary: tellOutcome(outcome, previewed, changes),
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
