import type { ConfigurationChange, InstanceSettings } from '@landbridge/contracts';

type Path = readonly [section: string, ...names: string[]];

/** How each setting is called in a sentence; `%` for shares of 1. */
const NAMES: readonly (readonly [path: Path, name: string])[] = [
  ...(['dynamics', 'campaign'] as const).flatMap((system) => {
    const title = system === 'dynamics' ? 'Dynamics 365' : 'Campaign';
    return [
      [['limits', system, 'requestsPerSecond'], `limit of ${title} calls per second`],
      [['limits', system, 'inFlightMax'], `limit of ${title} calls in flight`],
      [['limits', system, 'callsPerDay'], `limit of ${title} calls per day`],
    ] as const;
  }),
  [['guardrails', 'customTablesMax'], 'guardrail customTablesMax'],
  [['guardrails', 'columnsMax'], 'guardrail columnsMax'],
  [['guardrails', 'linkedColumnsMax'], 'guardrail linkedColumnsMax'],
  [['guardrails', 'linkDepthMax'], 'guardrail linkDepthMax'],
  [['guardrails', 'recordsMax'], 'guardrail recordsMax'],
  [['guardrails', 'replayRecordsMax'], 'guardrail replayRecordsMax'],
  [['massDeletes', 'share'], 'share of a table above which deletes wait'],
  [['massDeletes', 'count'], 'number of deletes above which they wait'],
  [['massDeletes', 'unasked'], 'number of deletes that are never asked about'],
  [['massDeletes', 'withinMinutes'], 'minutes in which deletes are counted'],
];

/** What changes between two settings, a line each; pointers begin with `/settings`. */
export function settingsChanges(
  before: InstanceSettings,
  after: InstanceSettings,
): ConfigurationChange[] {
  return NAMES.flatMap(([path, name]): ConfigurationChange[] => {
    const [was, is] = [valueAt(before, path), valueAt(after, path)];
    if (was === is) return [];
    const summary = `${name}: ${say(was)} → ${say(is)}`;
    const pointer = `/settings/${path.join('/')}`;
    return [{ pointer, kind: 'changed', summary, before: was, after: is }];
  });
}

function valueAt(settings: InstanceSettings, path: Path): number | null {
  const value = path.reduce<unknown>(
    (found, name) =>
      typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined,
    settings,
  );
  return typeof value === 'number' ? value : null;
}

/** A share keeps all its digits, or two that differ would read the same. */
function say(value: number | null): string {
  if (value === null) return 'none';
  return Number.isInteger(value) ? value.toLocaleString('en') : String(value);
}
