import type {
  CallOptions,
  CampaignAddressing,
  CampaignClient,
  CampaignRecord,
  Reply,
  ResourceRef,
} from './client.ts';
import { fieldOf } from './record-body.ts';

/** `several`: more than one record answers to a key that should be unique. */
export type FoundRecord =
  { found: 'yes'; record: CampaignRecord } | { found: 'no' } | { found: 'several' };

/** Where the records of one resource are, and how they are addressed by their business key. */
export type KeyedPlace = {
  resource: ResourceRef;
  keyField: string;
  addressing: CampaignAddressing;
};

/** Looks one record up by its business key, however the instance allows it; one call. */
export async function recordByKey(
  client: Pick<CampaignClient, 'getByKey' | 'findByFilter'>,
  { resource, keyField, addressing }: KeyedPlace,
  key: string,
  options: CallOptions = {},
): Promise<Reply<FoundRecord>> {
  if (addressing === 'uriKey') {
    const { value, calls } = await client.getByKey(resource, key, options);
    return { value: value === null ? { found: 'no' } : { found: 'yes', record: value }, calls };
  }
  const by = { ...addressing, value: key };
  const { value, calls } = await client.findByFilter(resource, by, options);
  // A filter may match more loosely than it is asked to: only the exact key counts.
  const exact = value.filter(({ fields }) => String(fieldOf(fields, keyField)) === key);
  const [record] = exact;
  if (exact.length > 1) return { value: { found: 'several' }, calls };
  return { value: record === undefined ? { found: 'no' } : { found: 'yes', record }, calls };
}
