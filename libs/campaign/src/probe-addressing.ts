import type { CampaignResourceMetadata } from '@landbridge/contracts';
import { randomUUID } from 'node:crypto';
import type { CampaignAddressing, CampaignClient, Reply, ResourceRef } from './client.ts';
import { CampaignRequestError, isCampaignError } from './errors.ts';
import { fieldOf } from './record-body.ts';
import { saysPathUnknown } from './refusal.ts';

type Calls = Pick<CampaignClient, 'getByKey' | 'findByFilter' | 'page' | 'resource'>;
type Probe = {
  ref: ResourceRef;
  keyField: string;
  filter?: { filter: string; parameter: string };
  signal?: AbortSignal;
};

const KNOWN_RECORDS_MAX = 5;

/**
 * Finds out how a resource's records are addressed by `keyField`.
 *
 * A key that nobody has must answer that there is no such record: then the URI takes a key. Which
 * of the fields that key is cannot be seen from this alone, so a record that is there must be
 * found by its `keyField` as well; writing by another field's key would insert every record anew.
 * Otherwise a filter is tried, and believed when it finds nothing for a key that nobody has.
 */
export async function probeAddressing(
  calls: Calls,
  probe: Probe,
): Promise<Reply<CampaignAddressing | null>> {
  const meter = { calls: 0 };
  const spend = async <T>(reply: Promise<Reply<T>>): Promise<T> => {
    try {
      const { value, calls: spent } = await reply;
      meter.calls += spent;
      return value;
    } catch (error) {
      if (isCampaignError(error)) meter.calls += error.calls;
      throw error;
    }
  };
  try {
    const byUri = await takesKeyInUri(calls, probe, spend);
    const value = byUri ? 'uriKey' : await usableFilter(calls, probe, spend);
    return { value, calls: meter.calls };
  } catch (error) {
    if (isCampaignError(error)) error.calls = meter.calls;
    throw error;
  }
}

type Spend = <T>(reply: Promise<Reply<T>>) => Promise<T>;

async function takesKeyInUri(calls: Calls, probe: Probe, spend: Spend): Promise<boolean> {
  const { ref, keyField } = probe;
  const options = optionsOf(probe);
  const unknown = await foundByKey(spend(calls.getByKey(ref, randomUUID(), options)));
  if (unknown !== 'absent') return false;
  const page = { link: null, lineCount: KNOWN_RECORDS_MAX };
  const { records } = await spend(calls.page(ref, page, options));
  for (const { fields } of records) {
    const key = fieldOf(fields, keyField);
    if (typeof key !== 'string' || key === '' || key.startsWith('@')) continue;
    const found = await foundByKey(spend(calls.getByKey(ref, key, options)));
    return found !== 'absent' && found !== 'notUnderstood' && fieldOf(found, keyField) === key;
  }
  return true;
}

async function foundByKey(
  get: Promise<{ fields: Record<string, unknown> } | null>,
): Promise<Record<string, unknown> | 'absent' | 'notUnderstood'> {
  try {
    return (await get)?.fields ?? 'absent';
  } catch (error) {
    if (error instanceof CampaignRequestError && saysPathUnknown(error)) return 'notUnderstood';
    throw error;
  }
}

async function usableFilter(
  calls: Calls,
  probe: Probe,
  spend: Spend,
): Promise<CampaignAddressing | null> {
  const { ref, keyField } = probe;
  const filter =
    probe.filter ??
    keyFilterOf(await spend(calls.resource(ref.resource, optionsOf(probe))), keyField);
  if (filter === null) return null;
  try {
    const value = randomUUID();
    const found = await spend(calls.findByFilter(ref, { ...filter, value }, optionsOf(probe)));
    return found.length === 0 ? filter : null;
  } catch (error) {
    if (error instanceof CampaignRequestError && isNoSuchFilter(error)) return null;
    throw error;
  }
}

function isNoSuchFilter(error: CampaignRequestError): boolean {
  return error.kind === 'notFound' || error.kind === 'rejected' || saysPathUnknown(error);
}

/**
 * The filter with one parameter whose name tells that it compares `keyField`, as people name them:
 * `byExternalId?externalId_parameter=`.
 */
export function keyFilterOf(
  { filters }: Pick<CampaignResourceMetadata, 'filters'>,
  keyField: string,
): { filter: string; parameter: string } | null {
  const field = keyField.toLowerCase();
  const single = filters.flatMap(({ name, parameters: [parameter, ...more] }) =>
    parameter !== undefined && more.length === 0 ? [{ filter: name, parameter }] : [],
  );
  const byParameter = single.find(({ parameter }) =>
    [field, `${field}_parameter`].includes(parameter.toLowerCase()),
  );
  const byName = single.find(({ filter }) => [field, `by${field}`].includes(filter.toLowerCase()));
  return byParameter ?? byName ?? null;
}

function optionsOf({ signal }: Probe): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
