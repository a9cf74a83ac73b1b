import type { IngressConfiguration, TableMapping } from '@landbridge/contracts';
import { columnsOf, filterShape } from '@landbridge/mapping';
import { isSameContent } from './same-content.ts';

/** A table whose old records keep what an edit should change, and why. */
export interface ReplayReason {
  table: string;
  reason: string;
}

/**
 * Which tables an edit leaves with old records as they were, for a start alone does not write them.
 * When the columns to read or the filter change, ingress reads the table in full by itself and writes
 * whatever follows the source; then only the values of fields without "apply updates" stay behind.
 */
export function replayReasons(
  before: IngressConfiguration,
  after: IngressConfiguration,
): ReplayReason[] {
  const old = new Map(before.mappings.map((mapping) => [mapping.dynamicsTable, mapping]));
  return after.mappings.flatMap((mapping) => {
    const was = old.get(mapping.dynamicsTable);
    const why = was === undefined ? null : reasonOf(was, mapping);
    const table = mapping.dynamicsTable;
    return why === null
      ? []
      : [{ table, reason: `Old records of ${table} ${why} until a replay.` }];
  });
}

function reasonOf(was: TableMapping, now: TableMapping): string | null {
  const insertOnly = newFields(was, now).filter(({ applyUpdates }) => !applyUpdates);
  if (insertOnly.length > 0) {
    const names = insertOnly.map(({ campaign }) => campaign).join(', ');
    return `keep their value of ${names}, which does not follow updates,`;
  }
  if (isReadAnew(was, now)) return null;
  if (now.adoptExisting === true && was.adoptExisting !== true) {
    return 'that somebody else made in Campaign are not taken over';
  }
  const added = newFields(was, now);
  if (added.length > 0) {
    return `get no value of ${added.map(({ campaign }) => campaign).join(', ')}`;
  }
  const relinked = now.links.filter((link) => !was.links.some((old) => isSameContent(old, link)));
  if (relinked.length > 0) {
    return `keep what was written to ${relinked.map(({ campaign }) => campaign).join(', ')}`;
  }
  if (!isSameContent(was.replacements, now.replacements)) {
    return 'keep what the earlier replacements made of them';
  }
  if (was.technicalValues !== now.technicalValues) return 'keep their values in the earlier form';
  return null;
}

/** Fields that are written from now on: added, from another column, or following updates now. */
function newFields(was: TableMapping, now: TableMapping): TableMapping['fields'] {
  return now.fields.filter((field) => {
    const old = was.fields.find(({ campaign }) => campaign === field.campaign);
    if (old === undefined || old.dynamics !== field.dynamics) return true;
    return field.applyUpdates && !old.applyUpdates;
  });
}

/** Whether ingress reads the table in full at the start: other columns or linked ones, or a filter. */
function isReadAnew(was: TableMapping, now: TableMapping): boolean {
  const shape = (mapping: TableMapping) => [
    columnsOf(mapping),
    mapping.links.map(({ dynamics }) => dynamics).sort(),
    filterShape(mapping),
  ];
  return !isSameContent(shape(was), shape(now));
}
