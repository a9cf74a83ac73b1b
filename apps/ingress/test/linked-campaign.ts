import { CampaignRequestError, CampaignUnreachable } from '@landbridge/campaign';
import type { RecordCalls } from '../src/writing/campaign-records.ts';
import { refusal } from './fake-campaign.ts';

export type Resource = 'cusAccount' | 'profile' | 'cusVehicle';
type Stored = { externalId: string; name: string; parent: string };

/** What refers to what; Campaign would not show a record whose parent is not there. */
const PARENT_OF: Readonly<Record<Resource, Resource | null>> = {
  cusAccount: null,
  profile: 'cusAccount',
  cusVehicle: 'profile',
};

const resourceOf = (name: string): Resource =>
  name === 'profile' || name === 'cusVehicle' ? name : 'cusAccount';
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Three linked resources in memory. `early` lists what was written before the record that it refers
 * to; `faults` befall the calls of those numbers: refused for a while, or applied without a reply.
 */
export class LinkedCampaign implements RecordCalls {
  readonly records: Record<Resource, Map<string, Stored>> = {
    cusAccount: new Map(),
    profile: new Map(),
    cusVehicle: new Map(),
  };
  readonly early: string[] = [];
  /** Every link has the cardinality 1: what refers to nothing that is shown is there for nobody. */
  hides = false;
  readonly #faults: ReadonlyMap<number, 'busy' | 'lost reply'>;
  readonly #step: () => Promise<void>;
  #calls = 0;

  constructor(faults: ReadonlyMap<number, 'busy' | 'lost reply'>, step: () => Promise<void>) {
    this.#faults = faults;
    this.#step = step;
  }

  insert: RecordCalls['insert'] = ({ resource }, body) =>
    this.#call(() => {
      const at = this.records[resourceOf(resource)];
      const record = {
        externalId: textOf(body['externalId']),
        name: textOf(body['name']),
        parent: textOf(body['parent']),
      };
      if (at.has(record.externalId)) throw refusal('duplicateKey');
      this.#checkOrder(resourceOf(resource), record);
      at.set(record.externalId, record);
      return { href: null, pkey: null, fields: { ...record } };
    });

  patchByKey: RecordCalls['patchByKey'] = ({ resource }, key, body) =>
    this.#call(() => {
      const at = this.records[resourceOf(resource)];
      const before = at.get(key);
      if (before === undefined || !this.isShown(resourceOf(resource), key))
        throw refusal('notFound');
      const record = { ...before, name: textOf(body['name']), parent: textOf(body['parent']) };
      this.#checkOrder(resourceOf(resource), record);
      at.set(key, record);
    });

  deleteByKey: RecordCalls['deleteByKey'] = ({ resource }, key) =>
    this.#call(() => {
      if (!this.isShown(resourceOf(resource), key)) throw refusal('notFound');
      this.records[resourceOf(resource)].delete(key);
    });

  getByKey: RecordCalls['getByKey'] = ({ resource }, key) =>
    this.#call(() => {
      const fields = this.records[resourceOf(resource)].get(key);
      return fields === undefined || !this.isShown(resourceOf(resource), key)
        ? null
        : { href: `/${key}`, pkey: null, fields: { ...fields } };
    });

  findByFilter: RecordCalls['findByFilter'] = () => Promise.reject(new Error('by key alone'));
  patchHref: RecordCalls['patchHref'] = () => Promise.reject(new Error('by key alone'));
  deleteHref: RecordCalls['deleteHref'] = () => Promise.reject(new Error('by key alone'));

  isShown(resource: Resource, key: string): boolean {
    const record = this.records[resource].get(key);
    const above = PARENT_OF[resource];
    if (record === undefined || above === null || !this.hides) return record !== undefined;
    return this.isShown(above, record.parent);
  }

  #checkOrder(resource: Resource, { externalId, parent }: Stored): void {
    const above = PARENT_OF[resource];
    if (above === null || parent === '' || this.records[above].has(parent)) return;
    this.early.push(`${resource} ${externalId} before ${above} ${parent}`);
  }

  async #call<Value>(apply: () => Value): Promise<{ value: Value; calls: number }> {
    await this.#step();
    this.#calls += 1;
    const fault = this.#faults.get(this.#calls);
    if (fault === 'busy') throw refusal('transient');
    let value: Value;
    try {
      value = apply();
    } catch (error) {
      if (error instanceof CampaignRequestError && fault === 'lost reply') throw lostReply();
      throw error;
    }
    if (fault === 'lost reply') throw lostReply();
    await this.#step();
    return { value, calls: 1 };
  }
}

function lostReply(): CampaignUnreachable {
  const error = new CampaignUnreachable({ method: 'POST', path: '/record' }, 'broken');
  error.calls = 1;
  return error;
}
