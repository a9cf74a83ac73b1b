import type { OptinConfiguration, OptoutName } from '@landbridge/contracts';
import { columnByHeading, type FoundHeading, repeatedOf } from '../heading.ts';
import { optoutAttribute } from './optout-attributes.ts';
import type { OptoutColumns } from './optout-reading.ts';

/**
 * `missing`: what no heading holds. Without the key or any mapped opt-out the file is of no use.
 * `repeated`: headings that are needed and that more than one column has.
 */
export type OptoutLayout = {
  columns: OptoutColumns | null;
  missing: string[];
  repeated: string[];
};

const KEYS = ['externalId', 'profile external id', 'recipient external id', 'contactid'];

/** Finds the columns of an opt-out file by its headings. */
export function optoutLayout(
  headings: readonly string[],
  wanted: readonly OptoutName[],
  files: Pick<OptinConfiguration['export'], 'keyColumn' | 'columns' | 'changedAtColumns'>,
): OptoutLayout {
  const key = columnByHeading(headings, files.keyColumn === null ? KEYS : [files.keyColumn]);
  const used: (FoundHeading | null)[] = [key];
  const missing: string[] = key === null ? [files.keyColumn ?? 'externalId'] : [];
  const optouts = wanted.flatMap((name) => {
    const own = files.columns[name];
    const ownTime = files.changedAtColumns[name];
    const usual = optoutAttribute(name);
    const value = columnByHeading(headings, own === undefined ? usual.values : [own]);
    if (value === null) {
      missing.push(own ?? name);
      return [];
    }
    const times = ownTime === undefined ? usual.changedAts : [ownTime];
    const found = times.flatMap((time) => columnByHeading(headings, [time]) ?? []);
    used.push(value, ...found);
    const changedAts = [...new Set(found.map(({ heading }) => heading))];
    return [{ name, value: value.heading, changedAts }];
  });
  const columns = key === null || optouts.length === 0 ? null : { key: key.heading, optouts };
  return { columns, missing, repeated: repeatedOf(used) };
}
