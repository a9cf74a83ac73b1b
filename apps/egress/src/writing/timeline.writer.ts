import type {
  EgressConfiguration,
  EventKind,
  InstanceId,
  QueuedRecord,
  RunFailure,
} from '@landbridge/contracts';
import type { DynamicsWrites, NewRow, RowResult } from '@landbridge/dynamics';
import type { CampaignEvent } from '@landbridge/mapping';
import {
  type BatchWriter,
  type RejectReason,
  transientOf,
  type WriteOutcome,
} from '@landbridge/pipeline';
import { queuedEvent } from '../events/queued-event.ts';
import { readAgain } from '../events/read-again.ts';
import type { ActivitySchema } from '../schema/activity-schema.ts';
import type { ActivityTarget } from '../schema/activity-target.ts';
import { campaignFailure, dynamicsFailure } from '../schema/vendor-failures.ts';
import { activityRow } from './activity-row.ts';
import type { Contacts } from './contact-of.ts';

export type TimelineDeps = {
  instance: InstanceId;
  configuration: EgressConfiguration;
  client: Pick<DynamicsWrites, 'createRows'>;
  schema: Pick<ActivitySchema, 'target' | 'recheck' | 'suspect'>;
  contacts: Pick<Contacts, 'of'>;
  contactsPath: string;
  /** Keeps an event until its contact is there; throws where it cannot be kept. */
  layAside: (record: QueuedRecord) => Promise<void>;
  now?: () => Date;
};

type Placed = { index: number; record: QueuedRecord };

/** One activity to be written, for as many records as told of its event. */
type Pending = {
  event: CampaignEvent;
  contactId: string;
  row: NewRow;
  records: Placed[];
};

/**
 * Writes events as activities regarding their contacts, a table at a time in bulk. Each activity has
 * the id of its event, so that writing it again changes nothing. No contact is looked up first: the
 * few that are not there are told apart by Dynamics 365 itself.
 */
export function createTimelineWriter(deps: TimelineDeps): BatchWriter {
  return async (records, { signal }) => {
    const batch = new Batch(deps, records.length);
    await Promise.all(records.map((record, index) => batch.take(record, index)));
    await batch.write(signal);
    return batch.outcomes();
  };
}

class Batch {
  readonly #deps: TimelineDeps;
  readonly #outcomes: (WriteOutcome | null)[];
  readonly #pending = new Map<EventKind, Map<string, Pending>>();

  constructor(deps: TimelineDeps, count: number) {
    this.#deps = deps;
    this.#outcomes = Array.from({ length: count }, () => null);
  }

  /** Every record has one, or the frame tries it again. */
  outcomes(): WriteOutcome[] {
    const cause = new Error('The event was not reached');
    return this.#outcomes.map((outcome) => outcome ?? { kind: 'retryAfter', delayMs: 0, cause });
  }

  /** Finds out where a record goes, or what becomes of it otherwise. */
  async take(record: QueuedRecord, index: number): Promise<void> {
    try {
      const found = readAgain(record, this.#deps.configuration);
      if (found.outcome === 'leftOut') this.#outcomes[index] = skipped(found.reason);
      else if (found.outcome === 'rejected') this.#outcomes[index] = rejected(found.rejection);
      else await this.#place(found.event, record, index);
    } catch (error) {
      this.#outcomes[index] = retried(error);
    }
  }

  async #place(event: CampaignEvent, record: QueuedRecord, index: number): Promise<void> {
    const { schema, contacts, instance, contactsPath } = this.#deps;
    const target = schema.target(event.kind);
    if (target === null) {
      this.#outcomes[index] = skipped('typeOff');
      return;
    }
    const contact = await contacts.of(event);
    if (contact.found === 'never') this.#outcomes[index] = rejected(contact.reason);
    else if (contact.found === 'notYet') await this.#wait(event, { index, record });
    else {
      const { contactId } = contact;
      const made = activityRow(event, target, { instance, contactsPath, contactId });
      if ('rejected' in made) this.#outcomes[index] = rejected(made.rejected);
      else this.#add({ event, contactId, row: made.row, records: [{ index, record }] });
    }
  }

  #add(one: Pending): void {
    const rows = this.#pending.get(one.event.kind) ?? new Map<string, Pending>();
    this.#pending.set(one.event.kind, rows);
    const known = rows.get(one.row.id);
    if (known === undefined) rows.set(one.row.id, one);
    else known.records.push(...one.records);
  }

  /** The tables one beside the other, the events of each by their times. */
  async write(signal: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.#pending].map(async ([kind, rows]) => {
        const target = this.#deps.schema.target(kind);
        if (target !== null) await this.#writeTable(target, rows, signal);
      }),
    );
  }

  async #writeTable(
    { table, by }: ActivityTarget,
    pending: ReadonlyMap<string, Pending>,
    signal: AbortSignal,
  ): Promise<void> {
    const rows = [...pending.values()]
      .sort((a, b) => Date.parse(a.event.at) - Date.parse(b.event.at))
      .map(({ row }) => row);
    const { value, calls } = await this.#deps.client.createRows({ table, rows, by, signal });
    const fault = await this.#faultBehind(value.results);
    for (const result of value.results) {
      const one = pending.get(result.id);
      if (one !== undefined) await this.#end(one, result, fault);
    }
    const failure = value.failure === null ? null : dynamicsFailure(value.failure, table.table);
    for (const { records } of pending.values()) {
      for (const { index } of records) {
        this.#outcomes[index] ??= failure === null ? retried(value.failure) : failed(failure);
      }
    }
    this.#spent(pending, calls);
  }

  /** Whether rows were refused because the table is not what it was. */
  async #faultBehind(results: readonly RowResult[]): Promise<RunFailure | null> {
    const { schema } = this.#deps;
    const refused = results.filter((result): result is Refused => result.outcome === 'rejected');
    if (refused.some(isSchemaTrouble)) return schema.recheck();
    return refused.some(({ kind }) => kind === 'rejected') ? schema.suspect() : null;
  }

  async #end(
    { event, contactId, records }: Pending,
    result: RowResult,
    fault: RunFailure | null,
  ): Promise<void> {
    if (result.outcome === 'rejected' && isContactMissing(result)) {
      const known = { ...event, profile: { by: 'externalId' as const, value: contactId } };
      await Promise.all(records.map((one) => this.#wait(known, one)));
      return;
    }
    for (const [nth, { index }] of records.entries()) {
      this.#outcomes[index] =
        nth > 0 && result.outcome === 'created' ? skipped('alreadyThere') : endOf(result, fault);
    }
  }

  /** Waits for its contact while there is time; then a person must look at it. */
  async #wait(event: CampaignEvent, { index, record }: Placed): Promise<void> {
    const { configuration, instance, layAside, now = () => new Date() } = this.#deps;
    const untilMs = Date.parse(record.readAt) + configuration.contactWaitMinutes * 60_000;
    if (now().getTime() >= untilMs) {
      this.#outcomes[index] = rejected(missing(configuration.contactWaitMinutes));
      return;
    }
    try {
      await layAside(queuedEvent(event, { instance, readAt: record.readAt }));
      this.#outcomes[index] = skipped('waitingForContact');
    } catch (error) {
      this.#outcomes[index] = retried(error);
    }
  }

  /** The requests of a bulk write count once, with the first of its records. */
  #spent(pending: ReadonlyMap<string, Pending>, calls: number): void {
    const [first] = pending.values();
    const index = first?.records[0]?.index;
    if (index === undefined) return;
    const outcome = this.#outcomes[index];
    if (outcome != null) this.#outcomes[index] = { ...outcome, calls };
  }
}

/** Dataverse: a property that its table has not got; the table itself has gone. */
const UNDECLARED = ['0x80048d19', '0x80060888'];
const ROW_ABSENT = '0x80040217';

type Refused = Extract<RowResult, { outcome: 'rejected' }>;

const isContactMissing = ({ kind, code }: Refused): boolean =>
  kind === 'notFound' && code === ROW_ABSENT;
const isSchemaTrouble = ({ kind, code }: Refused): boolean =>
  UNDECLARED.includes(code) || (kind === 'notFound' && code !== ROW_ABSENT);

function endOf(result: RowResult, fault: RunFailure | null): WriteOutcome {
  switch (result.outcome) {
    case 'created':
      return { kind: 'written', calls: 0 };
    case 'alreadyThere':
      return skipped('alreadyThere');
    case 'rejected':
      return fault === null
        ? rejected({ code: 'refused', message: result.message })
        : failed(fault);
  }
}

const missing = (minutes: number): RejectReason => ({
  code: 'contactMissing',
  message: `The event’s contact did not appear in Dynamics 365 within ${minutes} minutes`,
});

const skipped = (reason: Extract<WriteOutcome, { kind: 'skipped' }>['reason']): WriteOutcome => ({
  kind: 'skipped',
  reason,
});
const rejected = (reason: RejectReason): WriteOutcome => ({
  kind: 'rejected',
  reason: { code: reason.code, message: reason.message },
  cause: new Error(reason.message),
});
/** Time may heal it; what nobody expected, the frame tries a few times. */
function retried(error: unknown): WriteOutcome {
  const failure = campaignFailure(error);
  if (failure !== null) return failed(failure);
  const cause = error instanceof Error ? error : new Error(String(error));
  const delayMs = transientOf(error, 'destination')?.retryAfterMs ?? 0;
  return { kind: 'retryAfter', delayMs, cause };
}
const failed = (failure: RunFailure): WriteOutcome => ({ kind: 'runFailed', failure });
