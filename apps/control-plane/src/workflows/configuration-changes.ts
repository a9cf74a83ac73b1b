import type {
  ConfigurationChange,
  Filter,
  FilterCondition,
  IngressConfiguration,
  TableMapping,
} from '@landbridge/contracts';
import { changesOfList, option, say } from './change-lines.ts';
import { fieldChanges } from './field-changes.ts';
import { isSameContent } from './same-content.ts';
import { configured, type WorkflowConfiguration } from './workflow-configuration.ts';

/**
 * What changes between two configurations of a workflow, as a person would tell it: a line for each
 * mapping, field, link, replacement, filter or option that was added, removed or changed.
 * Shape   `pointer` leads into `after`, or into `before` for what was removed.
 */
export function changesBetween(
  before: WorkflowConfiguration,
  after: WorkflowConfiguration,
): ConfigurationChange[] {
  const [old, now] = [configured(before), configured(after)];
  if (old.workflow === 'ingress' && now.workflow === 'ingress') {
    return changesOfMappings(old.configuration, now.configuration);
  }
  return fieldChanges(before, after);
}

function changesOfMappings(
  before: IngressConfiguration,
  after: IngressConfiguration,
): ConfigurationChange[] {
  const changes = changesOfList(before.mappings, after.mappings, '/mappings', {
    key: (mapping) => mapping.dynamicsTable,
    added: (mapping) =>
      `${mapping.dynamicsTable} → ${mapping.campaignResource} added, with ${countOf(mapping)}`,
    removed: (mapping) => `${mapping.dynamicsTable} → ${mapping.campaignResource} removed`,
    changed: changesOfMapping,
  });
  if (changes.length > 0 || isSameContent(before, after)) return changes;
  return [{ pointer: '/mappings', kind: 'changed', summary: 'Only the order changed' }];
}

function changesOfMapping(
  before: TableMapping,
  after: TableMapping,
  pointer: string,
): ConfigurationChange[] {
  const table = after.dynamicsTable;
  const options = [
    option(
      '/campaignResource',
      `${table}: goes to`,
      before.campaignResource,
      after.campaignResource,
    ),
    option('/key', `${table}: key`, keyOf(before), keyOf(after)),
    option(
      '/deleteFilteredOut',
      `${table}: delete what the filter leaves out`,
      before.deleteFilteredOut,
      after.deleteFilteredOut,
    ),
    option('/applyDeletes', `${table}: apply deletes`, before.applyDeletes, after.applyDeletes),
    option(
      '/technicalValues',
      `${table}: technical values`,
      before.technicalValues,
      after.technicalValues,
    ),
  ]
    .filter((change) => change !== null)
    .map((change) => ({ ...change, pointer: pointer + change.pointer }));
  return [
    ...options,
    ...changesOfFields(table, before, after, pointer),
    ...changesOfLinks(table, before, after, pointer),
    ...changesOfReplacements(table, before, after, pointer),
    ...changesOfFilter(table, before.filter, after.filter, `${pointer}/filter`),
  ];
}

function changesOfFields(table: string, before: TableMapping, after: TableMapping, at: string) {
  return changesOfList(before.fields, after.fields, `${at}/fields`, {
    key: (field) => `${field.dynamics} → ${field.campaign}`,
    added: (field) => `${table}: ${field.dynamics} → ${field.campaign} added`,
    removed: (field) => `${table}: ${field.dynamics} → ${field.campaign} removed`,
    changed: (old, field, pointer) => [
      {
        pointer: `${pointer}/applyUpdates`,
        kind: 'changed',
        summary: `${table}: ${field.dynamics} → ${field.campaign}: apply updates: ${say(old.applyUpdates)} → ${say(field.applyUpdates)}`,
        before: old.applyUpdates,
        after: field.applyUpdates,
      },
    ],
  });
}

function changesOfLinks(table: string, before: TableMapping, after: TableMapping, at: string) {
  const tell = (link: TableMapping['links'][number]) =>
    `link ${link.dynamics} → ${link.campaign} to ${link.to} by ${link.by}`;
  return changesOfList(before.links, after.links, `${at}/links`, {
    key: (link) => `${link.dynamics} → ${link.campaign}`,
    added: (link) => `${table}: ${tell(link)} added`,
    removed: (link) => `${table}: ${tell(link)} removed`,
    changed: (old, link, pointer) => [
      {
        pointer,
        kind: 'changed',
        summary: `${table}: ${tell(old)} is now to ${link.to} by ${link.by}`,
        before: old,
        after: link,
      },
    ],
  });
}

function changesOfReplacements(
  table: string,
  before: TableMapping,
  after: TableMapping,
  at: string,
) {
  return changesOfList(before.replacements, after.replacements, `${at}/replacements`, {
    key: (entry) => JSON.stringify([entry.dynamics, entry.from]),
    added: (entry) =>
      `${table}: ${entry.dynamics} ${say(entry.from)} is replaced by ${say(entry.to)}`,
    removed: (entry) => `${table}: ${entry.dynamics} ${say(entry.from)} is no longer replaced`,
    changed: (old, entry, pointer) => [
      {
        pointer: `${pointer}/to`,
        kind: 'changed',
        summary: `${table}: ${entry.dynamics} ${say(entry.from)} is replaced by ${say(entry.to)} instead of ${say(old.to)}`,
        before: old.to,
        after: entry.to,
      },
    ],
  });
}

function changesOfFilter(
  table: string,
  before: Filter | null,
  after: Filter | null,
  pointer: string,
): ConfigurationChange[] {
  if (isSameContent(before, after)) return [];
  const old = before === null ? 'every record' : tellFilter(before);
  const now = after === null ? 'every record' : tellFilter(after);
  const kind = before === null ? 'added' : after === null ? 'removed' : 'changed';
  return [{ pointer, kind, summary: `${table}: takes ${now} instead of ${old}`, before, after }];
}

/** A filter as people read it: `statecode eq 0 and (…)`. */
export function tellFilter(filter: Filter): string {
  if ('all' in filter) return filter.all.map(tellPart).join(' and ');
  if ('any' in filter) return filter.any.map(tellPart).join(' or ');
  return tellCondition(filter);
}

const tellPart = (part: Filter) =>
  'dynamics' in part ? tellCondition(part) : `(${tellFilter(part)})`;

function tellCondition({ dynamics, is, value }: FilterCondition): string {
  if (value === undefined) return `${dynamics} ${is}`;
  return `${dynamics} ${is} ${Array.isArray(value) ? value.map(say).join(', ') : say(value)}`;
}

const keyOf = (mapping: TableMapping) => `${mapping.key.dynamics} → ${mapping.key.campaign}`;

function countOf(mapping: TableMapping): string {
  const count = mapping.fields.length;
  return count === 1 ? '1 field' : `${count} fields`;
}
