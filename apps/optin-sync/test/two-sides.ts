import type { CampaignBody } from '@landbridge/campaign';
import type { OptoutName, QueuedRecord } from '@landbridge/contracts';
import { type ChangedRow, type DynamicsRow, DynamicsUnreachable } from '@landbridge/dynamics';
import type { Bus, Cursor } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { createDynamicsReader } from '../src/reading/dynamics.reader.ts';
import { readContactsAgain } from '../src/reading/read-contacts-again.ts';
import { createOptinWriter } from '../src/writing/optin.writer.ts';
import type { WritingDeps } from '../src/writing/writing-deps.ts';
import { FakeMemory, idOf, INSTANCE, RUN, SCHEMA } from './builders.ts';

export const ID = idOf(1);
export const PAIRS = {
  email: { column: 'donotbulkemail', attribute: 'blackListEmail' },
  phone: { column: 'donotphone', attribute: 'blackListPhone' },
} as const;
export type Pair = keyof typeof PAIRS;

const SIGNAL = new AbortController().signal;
const LOG = createLog('test', 'silent');

/** The process was killed: nothing that it would have done after this happens. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** What befalls the process: it is killed, or the answer to one of its requests is lost. */
export type Trouble = { kind: 'kill' | 'lostReply'; afterSteps: number };

/** One contact on both sides, as the two systems keep it, and whoever keeps it in step. */
export class TwoSides {
  #nowMs = Date.parse('2026-11-24T08:00:00.000Z');
  #version = 1;
  #row: Record<string, unknown> = { contactid: ID, donotbulkemail: false, donotphone: false };
  #modifiedMs = this.#nowMs;
  #profile: Record<string, unknown> = { externalId: ID };
  readonly #memory = new FakeMemory();
  readonly #bus: Bus;
  #schema = SCHEMA;
  /** How many more of the process's steps come to pass before its trouble. */
  #stepsLeft = Infinity;
  #trouble: Trouble['kind'] = 'kill';

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** Somebody changes one value, so many minutes after what was before. */
  acts(side: 'dynamics' | 'campaign', pair: Pair, value: boolean, minutes: number): void {
    this.#nowMs += minutes * 60_000;
    if (side === 'dynamics') this.#changeRow({ [PAIRS[pair].column]: value });
    else this.#changeProfile({ [PAIRS[pair].attribute]: value });
  }

  /** The contact is looked at, whatever comes of it. */
  async isLookedAt(trouble: Trouble | null = null): Promise<void> {
    this.#nowMs += 1_000;
    this.#stepsLeft = trouble?.afterSteps ?? Infinity;
    this.#trouble = trouble?.kind ?? 'kill';
    const { records } = await readContactsAgain([ID], INSTANCE);
    await this.#write(records).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
  }

  /** Dynamics tells what it has to tell since `cursor`, and that is written; gives the next one. */
  async isToldByDynamics(cursor: Cursor | null): Promise<Cursor> {
    this.#nowMs += 1_000;
    const now = () => new Date(this.#nowMs);
    const reply = { rows: [this.#rowNow()], deletedIds: [], nextLink: null, deltaLink: 'delta' };
    const reader = createDynamicsReader({
      instance: INSTANCE,
      dynamics: {
        readPage: async () => ({ value: reply, calls: 1 }),
        readModifiedSince: async () => ({ value: reply, calls: 1 }),
      },
      schema: () => this.#schema,
      memory: this.#memory,
      voice: { spend: () => undefined },
      pageRowsMax: 100,
      now,
    });
    const { records, next } = await reader.read(cursor, { signal: SIGNAL, log: LOG });
    await this.#write(records);
    return next;
  }

  /** The same column, kept in step with another opt-out from now on. */
  isMappedTo(pair: Pair, name: OptoutName, field: string): void {
    const optouts = SCHEMA.optouts.map((optout) =>
      optout.column === PAIRS[pair].column
        ? { ...optout, name, field, changedAts: [`${field}LastModified`] }
        : optout,
    );
    this.#schema = { ...SCHEMA, optouts };
  }

  profile(): Record<string, unknown> {
    return this.#profile;
  }

  async #write(records: readonly QueuedRecord[]): Promise<void> {
    const write = createOptinWriter(this.#deps());
    for (const record of records) await write(record, { attempt: 1, signal: SIGNAL });
  }

  holds(pair: Pair): { dynamics: boolean; campaign: boolean } {
    const { column, attribute } = PAIRS[pair];
    return {
      dynamics: this.#row[column] === true,
      campaign: this.#profile[attribute] === true,
    };
  }

  #changeRow(values: Record<string, unknown>): void {
    this.#row = { ...this.#row, ...values };
    this.#modifiedMs = this.#nowMs;
    this.#version += 1;
  }

  #changeProfile(values: CampaignBody): void {
    const changedAt = new Date(this.#nowMs).toISOString();
    const times = Object.keys(values).map((name) => [`${name}LastModified`, changedAt] as const);
    this.#profile = { ...this.#profile, ...values, ...Object.fromEntries(times) };
  }

  /** What is done is done; whether the process hears of it is another matter. */
  async #step<Value>(does: () => Value | Promise<Value>): Promise<Value> {
    if (this.#stepsLeft <= 0) throw new Killed();
    this.#stepsLeft -= 1;
    const value = await does();
    if (this.#stepsLeft > 0) return value;
    if (this.#trouble === 'kill') throw new Killed();
    this.#stepsLeft = Infinity;
    throw new DynamicsUnreachable({ method: 'PATCH', path: 'contacts({id})' }, 'timeout');
  }

  readonly #rowNow = (): DynamicsRow => ({
    id: ID,
    version: String(this.#version),
    modifiedOn: `${new Date(this.#modifiedMs).toISOString().slice(0, 19)}Z`,
    columns: {
      donotbulkemail: this.#row['donotbulkemail'] === true,
      donotphone: this.#row['donotphone'] === true,
    },
  });

  #deps(): WritingDeps {
    const record = () => ({ href: '/profile/1', pkey: '1', fields: this.#profile });
    const patch = async (body: CampaignBody) => {
      await this.#step(() => this.#changeProfile(body));
      return { value: undefined, calls: 1 };
    };
    return {
      bus: this.#bus,
      run: RUN,
      direction: 'bidirectional',
      ends: {
        dynamics: {
          row: () => this.#step(() => ({ value: this.#rowNow(), calls: 1 })),
          changeRow: ({ version, values }) =>
            this.#step((): { value: ChangedRow; calls: number } => {
              if (version !== String(this.#version)) {
                return { value: { outcome: 'moved' }, calls: 1 };
              }
              this.#changeRow(values);
              return { value: { outcome: 'changed', row: this.#rowNow() }, calls: 1 };
            }),
        },
        campaign: {
          getByKey: () => this.#step(() => ({ value: record(), calls: 1 })),
          findByFilter: () => this.#step(() => ({ value: [record()], calls: 1 })),
          patchHref: (_href, body) => patch(body),
          patchByKey: (_resource, _key, body) => patch(body),
        },
      },
      addressing: 'uriKey',
      schema: () => this.#schema,
      memory: {
        get: (key) => this.#step(() => this.#memory.get(key)),
        put: (key, entry) => this.#step(() => this.#memory.put(key, entry)),
      },
      isWritten: async () => false,
      watch: { someoneWaits: async () => false },
      voice: { spend: () => undefined },
      promote: async () => undefined,
      log: LOG,
      now: () => new Date(this.#nowMs),
    };
  }
}
