import {
  type InstanceId,
  type TableMapping,
  VERIFICATION_PAGE_ROWS,
  type VerificationForecast,
} from '@landbridge/contracts';
import type { Systems } from '../metadata/systems.ts';
import type { TableCount } from '../metadata/table-count.ts';

/** What both sides hold; `campaign` null: it does not say. */
export interface BothSides {
  dynamics: TableCount;
  campaign: number | null;
}

/** What comparing both sides costs, where a pass takes so many records. */
export function forecastOf(
  { dynamics: { records, recordsAre }, campaign }: BothSides,
  passRecords: number,
): VerificationForecast {
  const passCount = Math.max(1, Math.ceil(records / passRecords));
  const pages = (rows: number, count: number) => Math.max(1, Math.ceil(count / rows)) * passCount;
  const calls = {
    dynamics: pages(VERIFICATION_PAGE_ROWS.dynamics, records) + 1,
    campaign: pages(VERIFICATION_PAGE_ROWS.campaign, campaign ?? records),
  };
  const message =
    `About ${calls.dynamics} calls of Dynamics 365 and ${calls.campaign} of Campaign for ` +
    `${records} records (${SURE[recordsAre]}) in ${passCount === 1 ? 'one pass' : `${passCount} passes`}. ` +
    `${others(campaign)} Each difference costs one call more, two where records are addressed by a ` +
    'filter or are gone in Dynamics 365.';
  return { recordCount: records, recordsAre, campaignCount: campaign, passCount, calls, message };
}

const SURE = {
  counted: 'counted now',
  estimated: 'estimated: statistics of up to a day ago',
} as const;

const others = (campaign: number | null): string =>
  campaign === null
    ? 'Campaign does not say how many it holds: records of others there are paged through as well.'
    : `Campaign holds ${campaign}, those of others included, and all are paged through.`;

/** Asks both systems how many records they hold. */
export async function forecastVerification(
  instance: InstanceId,
  { dynamicsTable, campaignResource }: TableMapping,
  systems: Pick<Systems, 'dynamicsCount' | 'campaignCount'>,
  passRecords: number,
): Promise<VerificationForecast> {
  const [dynamics, campaign] = await Promise.all([
    systems.dynamicsCount(dynamicsTable, { instance, fresh: true }),
    systems.campaignCount(campaignResource, { instance, fresh: true }),
  ]);
  return forecastOf({ dynamics, campaign }, passRecords);
}
