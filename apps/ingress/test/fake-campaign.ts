import {
  type CampaignClient,
  type CampaignErrorKind,
  CampaignRequestError,
  CampaignUnreachable,
  fieldOf,
} from '@landbridge/campaign';
import type { CampaignResourceMetadata } from '@landbridge/contracts';
import { campaignField } from '@landbridge/testing/metadata';
import type { RecordCalls } from '../src/writing/campaign-records.ts';

export const PROFILE: CampaignResourceMetadata = {
  resource: 'profile',
  label: 'Profiles',
  endpoint: 'profileAndServicesExt',
  filters: [],
  fields: [
    campaignField('externalId'),
    campaignField('firstName', 'string', { lengthMax: 30 }),
    campaignField('title'),
    campaignField('location.city', 'string', { lengthMax: 80 }),
  ],
};

type Fault = CampaignErrorKind | 'lost reply';

const keyOf = (record: Record<string, unknown>): string => {
  const key = record['externalId'];
  return typeof key === 'string' ? key : '';
};

export const refusal = (kind: CampaignErrorKind, field: string | null = null) => {
  const error = new CampaignRequestError(
    { method: 'POST', path: '/profile' },
    { status: 500, code: '', kind, field, retryAfterMs: null, requestId: null, vendorText: '' },
  );
  error.calls = 1;
  return error;
};

/** One resource of a Campaign, in memory; each of `faults` befalls one call, in order. */
export class FakeCampaign implements RecordCalls, Pick<CampaignClient, 'getByKey' | 'page'> {
  readonly records: Record<string, unknown>[] = [];
  readonly calls: string[] = [];
  readonly faults: (Fault | CampaignRequestError | null)[] = [];
  uniqueKey = true;
  /** Keys that are taken by records which are there for nobody. */
  readonly hidden = new Set<string>();

  get byKey(): Map<string, Record<string, unknown>> {
    return new Map(this.records.map((record) => [keyOf(record), record]));
  }

  insert: RecordCalls['insert'] = (_resource, body) =>
    this.#call('insert', () => {
      const record = structuredClone({ ...body });
      if (this.uniqueKey && this.byKey.has(keyOf(record))) throw refusal('duplicateKey');
      this.records.push(record);
      return { href: null, pkey: null, fields: record };
    });

  getByKey: CampaignClient['getByKey'] = (_resource, key) =>
    this.#call('get', () => {
      const fields = this.hidden.has(key) ? undefined : this.byKey.get(key);
      return fields === undefined ? null : { href: null, pkey: null, fields };
    });

  page: CampaignClient['page'] = () =>
    this.#call('page', () => ({
      records: this.records
        .filter((fields) => !this.hidden.has(keyOf(fields)))
        .map((fields) => ({ href: null, pkey: null, fields })),
      next: null,
    }));

  patchByKey: RecordCalls['patchByKey'] = (_resource, key, body) =>
    this.#call('patch', () => void Object.assign(this.#at(key), structuredClone(body)));

  deleteByKey: RecordCalls['deleteByKey'] = (_resource, key) =>
    this.#call('delete', () => void this.records.splice(this.records.indexOf(this.#at(key)), 1));

  findByFilter: RecordCalls['findByFilter'] = (_resource, { value }) =>
    this.#call('find', () =>
      this.records
        .map((fields, index) => ({ href: `/profile/${index}`, pkey: `@${index}`, fields }))
        .filter(({ fields }) => String(fieldOf(fields, 'externalId')).startsWith(value)),
    );

  patchHref: RecordCalls['patchHref'] = (href, body) =>
    this.#call('patch', () => void Object.assign(this.#atHref(href), structuredClone(body)));

  deleteHref: RecordCalls['deleteHref'] = (href) =>
    this.#call(
      'delete',
      () => void this.records.splice(this.records.indexOf(this.#atHref(href)), 1),
    );

  #at(key: string): Record<string, unknown> {
    const record = this.byKey.get(key);
    if (record === undefined || this.hidden.has(key)) throw refusal('notFound');
    return record;
  }

  #atHref(href: string): Record<string, unknown> {
    const record = this.records[Number(href.split('/').at(-1))];
    if (record === undefined) throw refusal('notFound');
    return record;
  }

  async #call<Value>(name: string, apply: () => Value): Promise<{ value: Value; calls: number }> {
    this.calls.push(name);
    const fault = this.faults.shift() ?? null;
    if (fault instanceof CampaignRequestError) throw fault;
    if (fault !== null && fault !== 'lost reply') throw refusal(fault);
    const value = apply();
    if (fault !== 'lost reply') return { value, calls: 1 };
    const error = new CampaignUnreachable({ method: 'POST', path: '/profile' }, 'broken');
    error.calls = 1;
    throw error;
  }
}
