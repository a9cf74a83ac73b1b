import {
  type CampaignAddressing,
  type CampaignBody,
  type CampaignClient,
  CampaignRequestError,
  fieldOf,
  isCampaignError,
  type ResourceRef,
} from '@landbridge/campaign';

/** The calls of a Campaign client that writing records needs. */
export type RecordCalls = Pick<
  CampaignClient,
  'getByKey' | 'patchByKey' | 'deleteByKey' | 'insert' | 'findByFilter' | 'patchHref' | 'deleteHref'
>;

/** One record at the destination, and the calls that were spent on it so far. */
export type CampaignRecordAt = {
  readonly calls: number;
  /** `duplicate`: a unique key is taken, so the record is there or another one holds its value. */
  insert(body: CampaignBody): Promise<'done' | 'duplicate'>;
  patch(body: CampaignBody): Promise<'done' | 'absent'>;
  remove(): Promise<'done' | 'absent'>;
  /** Costs a call. */
  exists(): Promise<boolean>;
};

/** More than one record answers to a key that should be unique; a person must tidy up. */
export class KeyNotUnique extends Error {
  override readonly name = 'KeyNotUnique';
  readonly keyField: string;
  constructor(keyField: string) {
    super(`More than one record of Campaign has this ${keyField}`);
    this.keyField = keyField;
  }
}

/** Where the records of one resource are. */
export type RecordPlace = {
  client: RecordCalls;
  resource: ResourceRef;
  keyField: string;
  addressing: CampaignAddressing;
};

/** Addresses one record by its business key, however the instance allows it. */
export function recordAt(place: RecordPlace, key: string, signal: AbortSignal): CampaignRecordAt {
  const { client, resource, addressing } = place;
  const spending = new EngineCalls();
  const insert = (body: CampaignBody) =>
    spending.expect('duplicateKey', 'duplicate', client.insert(resource, body, { signal }));
  if (addressing === 'uriKey') {
    return spending.counted({
      insert,
      patch: (body) =>
        spending.expect('notFound', 'absent', client.patchByKey(resource, key, body, { signal })),
      remove: () =>
        spending.expect('notFound', 'absent', client.deleteByKey(resource, key, { signal })),
      exists: async () =>
        (await spending.take(client.getByKey(resource, key, { signal }))) !== null,
    });
  }
  const href = () => findHref(place, addressing, key, spending, signal);
  return spending.counted({
    insert,
    patch: async (body) => {
      const found = await href();
      if (found === null) return 'absent';
      return spending.expect('notFound', 'absent', client.patchHref(found, body, { signal }));
    },
    remove: async () => {
      const found = await href();
      if (found === null) return 'absent';
      return spending.expect('notFound', 'absent', client.deleteHref(found, { signal }));
    },
    exists: async () => (await href()) !== null,
  });
}

/** Filters may match more loosely than we ask (prefixes, other case): only the exact key counts. */
async function findHref(
  { client, resource, keyField }: RecordPlace,
  by: { filter: string; parameter: string },
  key: string,
  spending: EngineCalls,
  signal: AbortSignal,
): Promise<string | null> {
  const found = await spending.take(
    client.findByFilter(resource, { ...by, value: key }, { signal }),
  );
  const exact = found.filter(({ fields }) => String(fieldOf(fields, keyField)) === key);
  if (exact.length > 1) throw new KeyNotUnique(keyField);
  return exact[0]?.href ?? null;
}

/** Counts what was spent, also by calls that failed. */
class EngineCalls {
  #calls = 0;

  async take<Value>(reply: Promise<{ value: Value; calls: number }>): Promise<Value> {
    try {
      const { value, calls } = await reply;
      this.#calls += calls;
      return value;
    } catch (error) {
      if (isCampaignError(error)) this.#calls += error.calls;
      throw error;
    }
  }

  /** `done`, or `answer` where Campaign refuses with `kind`. */
  async expect<Answer extends string>(
    kind: CampaignRequestError['kind'],
    answer: Answer,
    reply: Promise<{ value: unknown; calls: number }>,
  ): Promise<'done' | Answer> {
    try {
      await this.take(reply);
      return 'done';
    } catch (error) {
      if (error instanceof CampaignRequestError && error.kind === kind) return answer;
      throw error;
    }
  }

  counted(record: Omit<CampaignRecordAt, 'calls'>): CampaignRecordAt {
    const calls = () => this.#calls;
    return {
      ...record,
      get calls() {
        return calls();
      },
    };
  }
}
