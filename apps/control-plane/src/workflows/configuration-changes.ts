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
import {
  configured,
  isSameConfiguration,
  type WorkflowConfiguration,
} from './workflow-configuration.ts';

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
  if (changes.length > 0 || isSameConfiguration(before, after)) return changes;
  return [{ pointer: '/mappings', kind: 'changed', summary: 'Only the order changed' }];
}

/** What of a mapping has lines of its own; everything else is told as an option. */
type Listed = 'dynamicsTable' | 'fields' | 'links' | 'replacements' | 'filter';

/** The options of a mapping, as people call them. */
const OPTIONS: Readonly<
  Record<
    Exclude<keyof TableMapping, Listed>,
    { title: string; of: (mapping: TableMapping) => string | boolean }
  >
> = {
  campaignResource: { title: 'goes to', of: ({ campaignResource }) => campaignResource },
  key: { title: 'key', of: ({ key }) => `${key.dynamics} → ${key.campaign}` },
  deleteFilteredOut: {
    title: 'delete what the filter leaves out',
    of: ({ deleteFilteredOut }) => deleteFilteredOut,
  },
  applyDeletes: { title: 'apply deletes', of: ({ applyDeletes }) => applyDeletes },
  technicalValues: { title: 'technical values', of: ({ technicalValues }) => technicalValues },
  adoptExisting: {
    title: 'take over existing records',
    of: ({ adoptExisting }) => adoptExisting === true,
  },
};

function changesOfMapping(
  before: TableMapping,
  after: TableMapping,
  pointer: string,
): ConfigurationChange[] {
  const table = after.dynamicsTable;
  const options = Object.entries(OPTIONS).flatMap(([name, { title, of }]) => {
    const change = option(`${pointer}/${name}`, `${table}: ${title}`, of(before), of(after));
    return change === null ? [] : [change];
  });
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
  const summary =
    now === old
      ? `${table}: takes ${now} as before, with other groups`
      : `${table}: takes ${now} instead of ${old}`;
  return [{ pointer, kind, summary, before, after }];
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

function countOf(mapping: TableMapping): string {
  const count = mapping.fields.length;
  return count === 1 ? '1 field' : `${count} fields`;
}
