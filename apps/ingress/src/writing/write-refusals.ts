import { CampaignRequestError, ForeignLinkRefused } from '@landbridge/campaign';
import type { MappingRejection } from '@landbridge/mapping';
import { transientOf, type WriteOutcome } from '@landbridge/pipeline';
import { campaignFailure } from '../schema/vendor-failures.ts';
import { KeyNotUnique } from './campaign-records.ts';
import type { TableWriting } from './record.writer.ts';

/** Refusals that a change of the schema, not noticed yet, could have brought about. */
const SMELLS_OF_CHANGE: readonly MappingRejection['code'][] = [
  'valueUnreadable',
  'optionUnknown',
  'enumerationUnknown',
  'fieldUnknown',
];

/** `look again`: the metadata was read anew, and may take the value now. */
export async function refusedMapping(
  rejected: MappingRejection,
  schema: TableWriting['schema'],
): Promise<WriteOutcome | 'look again'> {
  if (!SMELLS_OF_CHANGE.includes(rejected.code)) {
    return { kind: 'rejected', reason: rejected, cause: new Error(rejected.message) };
  }
  const failure = await schema.recheck();
  return failure === null ? 'look again' : { kind: 'runFailed', failure };
}

/** What a failed write means; throws on what it does not know, which the frame judges. */
export async function outcomeOfRefusal(
  error: unknown,
  writing: TableWriting,
  calls: number,
): Promise<WriteOutcome> {
  if (error instanceof KeyNotUnique) {
    const reason = { code: 'keyNotUnique', message: error.message };
    return { kind: 'rejected', reason, cause: error, calls };
  }
  const transient = transientOf(error, 'destination');
  if (transient !== null && error instanceof Error) {
    return { kind: 'retryAfter', delayMs: transient.retryAfterMs ?? 0, cause: error, calls };
  }
  if (error instanceof CampaignRequestError) return refusedByCampaign(error, writing, calls);
  const failure = error instanceof ForeignLinkRefused ? campaignFailure(error) : null;
  if (failure !== null) return { kind: 'runFailed', failure, calls };
  throw error;
}

async function refusedByCampaign(
  error: CampaignRequestError,
  { mapping, schema }: TableWriting,
  calls: number,
): Promise<WriteOutcome> {
  const failure = campaignFailure(error);
  if (failure !== null) return { kind: 'runFailed', failure, calls };
  const field = mapping.fields.find(({ campaign }) => campaign === error.field);
  // An attribute that is ours and that Campaign will not take may be gone or of another type.
  const fault = field === undefined && error.status !== 404 ? null : await schema.recheck();
  if (fault !== null) return { kind: 'runFailed', failure: fault, calls };
  return { kind: 'rejected', reason: reasonOf(error), cause: error, calls };
}

/** Campaign's own text may quote values, so only its code and the attribute's name are kept. */
function reasonOf({ field, code, status }: CampaignRequestError): {
  code: string;
  message: string;
} {
  const because = field === null ? '' : ` because of ${field}`;
  const coded = code === '' ? `status ${status}` : code;
  return {
    code: 'refusedByCampaign',
    message: `Campaign refused the record${because} (${coded})`,
  };
}
