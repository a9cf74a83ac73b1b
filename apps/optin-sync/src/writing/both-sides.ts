import { type CampaignRecord, isCampaignError, recordByKey } from '@landbridge/campaign';
import { type DynamicsRow, isDynamicsError } from '@landbridge/dynamics';
import { type OptoutReading, type OptoutRejection, readOptouts } from '@landbridge/mapping';
import { profileColumns, RESOURCE } from '../schema/optin-schema.ts';
import type { WritingDeps } from './writing-deps.ts';

/** Counts the requests of one record, failed ones too, each on its side. */
export class SideCalls {
  dynamics = 0;
  campaign = 0;

  async take<Value>(
    side: 'dynamics' | 'campaign',
    reply: Promise<{ value: Value; calls: number }>,
  ): Promise<Value> {
    try {
      const { value, calls } = await reply;
      this[side] += calls;
      return value;
    } catch (error) {
      if (isDynamicsError(error) || isCampaignError(error)) this[side] += error.calls;
      throw error;
    }
  }
}

/** The contact's row as it is now; null: there is none. One request. */
export function readRow(
  contactId: string,
  { ends, schema }: WritingDeps,
  calls: SideCalls,
  signal: AbortSignal,
): Promise<DynamicsRow | null> {
  const { table, optouts } = schema();
  const columns = optouts.map(({ column }) => column);
  return calls.take('dynamics', ends.dynamics.row({ table, columns, id: contactId, signal }));
}

export type ReadProfile =
  | { found: 'yes'; record: CampaignRecord; reading: OptoutReading }
  | { found: 'no' }
  | { found: 'unfit'; code: OptoutRejection['code'] | 'keyNotUnique'; message: string };

/** The profile as it is now, one call; `unfit`: a person must tidy it up. */
export async function readProfile(
  contactId: string,
  { ends, addressing, schema }: WritingDeps,
  calls: SideCalls,
  signal: AbortSignal,
): Promise<ReadProfile> {
  const current = schema();
  const { resource, keyField } = current;
  const place = { resource, keyField, addressing };
  const found = await calls.take(
    'campaign',
    recordByKey(ends.campaign, place, contactId, { signal }),
  );
  if (found.found === 'no') return found;
  if (found.found === 'several') {
    const message = `More than one ${RESOURCE} of Campaign has this ${keyField}`;
    return { found: 'unfit', code: 'keyNotUnique', message };
  }
  const { record } = found;
  const read = readOptouts((column) => record.fields[column], profileColumns(current));
  if (read.outcome === 'read') return { found: 'yes', record, reading: read.reading };
  return { found: 'unfit', code: read.rejection.code, message: read.rejection.message };
}
