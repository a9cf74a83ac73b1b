import type { OptinConfiguration, OptoutName } from '@landbridge/contracts';
import { columnByHeading } from '../heading.ts';
import { optoutAttribute } from './optout-attributes.ts';
import type { OptoutColumns } from './optout-reading.ts';

/** `missing`: what no heading holds. Without the key or any mapped opt-out the file is of no use. */
export type OptoutLayout = { columns: OptoutColumns | null; missing: string[] };

const KEYS = ['externalId', 'profile external id', 'recipient external id', 'contactid'];

/** Finds the columns of an opt-out file by its headings. */
export function optoutLayout(
  headings: readonly string[],
  wanted: readonly OptoutName[],
  files: Pick<OptinConfiguration['export'], 'keyColumn' | 'columns' | 'changedAtColumns'>,
): OptoutLayout {
  const key = columnByHeading(headings, files.keyColumn === null ? KEYS : [files.keyColumn]);
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
    const changedAts = times.flatMap((time) => columnByHeading(headings, [time]) ?? []);
    return [{ name, value, changedAts: [...new Set(changedAts)] }];
  });
  return { columns: key === null || optouts.length === 0 ? null : { key, optouts }, missing };
}
