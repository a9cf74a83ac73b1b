import { OptinMapping, type ConfigurationChange } from '@landbridge/contracts';
import { z } from 'zod';
import { changesOfList, option } from './change-lines.ts';
import { isSameContent } from './same-content.ts';

/** What fields are called in sentences; one that is not here is told by its path. */
const TITLES: Readonly<Record<string, string>> = {
  '/events/send': 'Email Send',
  '/events/open': 'Email Open',
  '/events/click': 'Email URL Click',
  '/events/bounce': 'Email Bounce',
  '/source': 'Source',
  '/direction': 'Direction',
  '/contactWaitMinutes': 'Minutes that an event waits for its contact',
  '/recipientFilter': 'Filter that finds a profile by its recipient id',
  '/toleratedSkewSeconds': 'Tolerated skew of the clocks in seconds',
  '/poll/everySeconds': 'Seconds between two polls',
  '/export/lateAfterHours': 'Hours after which an export is late',
};

const Mappings = z.array(OptinMapping);

/** A line for each field that differs, however deep it is; lists but the mappings are told whole. */
export function fieldChanges(before: object, after: object): ConfigurationChange[] {
  return changesAt('', before, after);
}

function changesAt(pointer: string, before: unknown, after: unknown): ConfigurationChange[] {
  if (isSameContent(before, after)) return [];
  if (pointer === '/mappings')
    return changesOfMappings(Mappings.parse(before), Mappings.parse(after));
  if (isFields(before) && isFields(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      changesAt(
        `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        Reflect.get(before, name),
        Reflect.get(after, name),
      ),
    );
  }
  const what = TITLES[pointer] ?? pointer.slice(1).replaceAll('/', '.');
  if (isScalar(before) && isScalar(after)) {
    const change = option(pointer, what, before, after);
    return change === null ? [] : [change];
  }
  if (before === undefined || before === null) {
    return [{ pointer, kind: 'added', summary: `${what} set`, after }];
  }
  if (after === undefined || after === null) {
    return [{ pointer, kind: 'removed', summary: `${what} removed`, before }];
  }
  return [{ pointer, kind: 'changed', summary: `${what} changed`, before, after }];
}

function changesOfMappings(
  before: readonly OptinMapping[],
  after: readonly OptinMapping[],
): ConfigurationChange[] {
  const changes = changesOfList(before, after, '/mappings', {
    key: ({ dynamics, campaign }) => `${dynamics} ${campaign}`,
    added: ({ dynamics, campaign }) => `${dynamics} ↔ ${campaign} added`,
    removed: ({ dynamics, campaign }) => `${dynamics} ↔ ${campaign} removed`,
    changed: () => [],
  });
  if (changes.length > 0) return changes;
  return [{ pointer: '/mappings', kind: 'changed', summary: 'The order of the mappings changed' }];
}

const isFields = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isScalar = (value: unknown): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
