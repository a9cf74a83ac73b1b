import type { QueuedRecord } from '@landbridge/contracts';
import {
  type Edge,
  type EdgeEnd,
  isBusError,
  isUnsure,
  standingOf,
  type WrittenEntry,
} from '@landbridge/messaging';
import type { WriteOutcome } from '@landbridge/pipeline';
import { LinkSweep } from '../src/linking/sweep.ts';
import { recordAt, type RecordPlace } from '../src/writing/campaign-records.ts';
import { createRecordWriter, type TableWriting } from '../src/writing/record.writer.ts';
import { instance, mapping, OPEN_GUARD } from './builders.ts';
import { FakeEdges } from './fake-edges.ts';
import { FakeMemory } from './fake-memory.ts';
import { LinkedCampaign, type Resource } from './linked-campaign.ts';
import { linkedMetadata } from './linked-metadata.ts';

export type Table = 'account' | 'contact' | 'vehicle';
export const TABLES: readonly Table[] = ['account', 'contact', 'vehicle'];
const RESOURCES: Readonly<Record<Table, Resource>> = {
  account: 'cusAccount',
  contact: 'profile',
  vehicle: 'cusVehicle',
};
export const ABOVE: Readonly<Record<Table, Table | null>> = {
  account: null,
  contact: 'account',
  vehicle: 'contact',
};

export const keyOf = (table: Table, index: number) =>
  `${String(TABLES.indexOf(table)).repeat(8)}-0000-4000-8000-${String(index).padStart(12, '0')}`;

type Row = { version: number; parent: string | null };
type Message = { record: QueuedRecord; attempt: number; deadLetterId: string };
const nameOf = ({ table, key }: EdgeEnd) => `${table}/${key}`;

class Killed extends Error {
  override readonly name = 'Killed';
}

/** Three linked tables between a Dynamics, a queue with a lane for each record, and a Campaign. */
export class LinkWorld {
  readonly rows = new Map<string, Row>();
  readonly edges = new FakeEdges();
  readonly campaign: LinkedCampaign;
  readonly memories: Record<Table, FakeMemory>;
  /** By record: what became of it last. */
  readonly outcomes = new Map<string, WriteOutcome>();
  /** Open dead letters of each record. */
  readonly letters = new Map<string, string[]>();
  readonly #lanes = new Map<string, Message[]>();
  readonly #asked: EdgeEnd[] = [];
  readonly #kills: ReadonlySet<number>;
  readonly #wait: () => Promise<void>;
  readonly #sweeps: LinkSweep[];
  #steps = 0;
  #version = 0;
  #messages = 0;
  #nowMs = 1_000_000;

  /** `wait` lets others go first; `kills` and `faults` name steps and calls by their number. */
  constructor(options: {
    wait: () => Promise<void>;
    kills: readonly number[];
    faults: ReadonlyMap<number, 'busy' | 'lost reply'>;
  }) {
    this.#wait = options.wait;
    this.#kills = new Set(options.kills);
    this.campaign = new LinkedCampaign(options.faults, this.#step);
    this.edges.step = this.#step;
    this.edges.now = () => this.#nowMs;
    const memory = () => new SteppedMemory(this.#step);
    this.memories = { account: memory(), contact: memory(), vehicle: memory() };
    const { account, contact, vehicle } = this.memories;
    const common = { linking: { edges: this.edges, readAgain: this.#readAgain } };
    this.#sweeps = [
      new LinkSweep({
        ...common,
        table: 'account',
        memory: account,
        children: new Map([['contact', contact]]),
      }),
      new LinkSweep({
        ...common,
        table: 'contact',
        memory: contact,
        children: new Map([['vehicle', vehicle]]),
      }),
    ];
  }

  /** A person saves a row, new or changed. */
  save(table: Table, index: number, parent: number | null): void {
    const above = ABOVE[table];
    this.#version += 1;
    const key = keyOf(table, index);
    const refersTo = above === null || parent === null ? null : keyOf(above, parent);
    this.rows.set(nameOf({ table, key }), { version: this.#version, parent: refersTo });
    this.#queue(this.#recordOf({ table, key }));
  }

  remove(table: Table, index: number): void {
    const at = { table, key: keyOf(table, index) };
    if (this.rows.delete(nameOf(at))) this.#queue(this.#recordOf(at));
  }

  /** Somebody deletes it in Campaign. */
  purge(table: Table, index: number): void {
    this.campaign.records[RESOURCES[table]].delete(keyOf(table, index));
  }

  isShown(table: Table, index: number): boolean {
    return this.campaign.isShown(RESOURCES[table], keyOf(table, index));
  }

  /** Works until nothing is queued or asked for. */
  async works(): Promise<void> {
    while (this.#asked.length > 0 || [...this.#lanes.values()].some((lane) => lane.length > 0)) {
      const lanes = [...this.#lanes.values()].filter((lane) => lane.length > 0);
      await Promise.all([...lanes.map((lane) => this.#drain(lane)), this.#answer()]);
    }
  }

  /** Works and sweeps until nothing waits. Throws when that never comes. */
  async settles(): Promise<void> {
    for (let round = 1; round <= 40; round += 1) {
      await this.works();
      this.#nowMs += 120_000;
      const { signal } = new AbortController();
      for (const sweep of this.#sweeps) {
        await sweep.run(true, signal, () => this.#nowMs).catch(rethrowUnlessKilled);
      }
      const { waiting, deleting, givenUp } = this.edges;
      const hasCome = [...givenUp.values()].some(({ parentTable, parentKey }) =>
        this.#hasLanded({ table: parentTable, key: parentKey }),
      );
      // What hides from us is deleted when its parent comes again, which need not be.
      const isAtRest = [...waiting.values()].every(
        ({ state, parentTable, parentKey }) =>
          state === 'leaving' && !this.#hasLanded({ table: parentTable, key: parentKey }),
      );
      const isIdle = isAtRest && deleting.size === 0 && !hasCome;
      if (isIdle && this.#asked.length === 0) return;
    }
    const { waiting, linked, deleting } = this.edges;
    const left = { waiting: [...waiting.keys()], linked: [...linked.keys()] };
    const entries = TABLES.flatMap((table) => [...this.memories[table].stored.values()]);
    throw new Error(
      `It does not come to rest: ${JSON.stringify({ ...left, deleting: [...deleting.keys()], entries, rows: [...this.rows] }, null, 1)}`,
    );
  }

  linksInCampaign(): Edge[] {
    return TABLES.flatMap((childTable) => {
      const parentTable = ABOVE[childTable];
      if (parentTable === null) return [];
      return [...this.campaign.records[RESOURCES[childTable]].values()]
        .filter(({ parent }) => parent !== '')
        .map(({ externalId, parent }) => ({
          parentTable,
          parentKey: parent,
          childTable,
          childKey: externalId,
        }));
    });
  }

  inCampaign(table: Table): Map<string, { parent: string }> {
    return this.campaign.records[RESOURCES[table]];
  }

  /** A dead letter that a killed attempt may have written; only its next write finds out. */
  isInDoubt(table: Table, key: string): boolean {
    const isDead = this.outcomes.get(nameOf({ table, key }))?.kind === 'rejected';
    return isDead && isUnsure(this.memories[table].stored.get(key)?.entry ?? null);
  }

  #hasLanded({ table, key }: EdgeEnd): boolean {
    const found = TABLES.find((one) => one === table);
    const entry = found === undefined ? undefined : this.memories[found].stored.get(key)?.entry;
    return entry !== undefined && standingOf(entry) === 'landed';
  }

  #release = async (record: EdgeEnd, letters: readonly string[]): Promise<void> => {
    await this.#step();
    const open = this.letters.get(nameOf(record)) ?? [];
    const left = open.filter((letter) => !letters.includes(letter));
    if (left.length === 0) this.letters.delete(nameOf(record));
    else this.letters.set(nameOf(record), left);
    await this.#step();
  };

  #step = async (): Promise<void> => {
    await this.#wait();
    this.#steps += 1;
    if (this.#kills.has(this.#steps)) throw new Killed('kill -9');
  };

  #readAgain = async (record: EdgeEnd): Promise<void> => {
    await this.#step();
    this.#asked.push({ table: record.table, key: record.key });
  };

  /** The reader of what was asked for: as it is now. */
  async #answer(): Promise<void> {
    for (let asked = this.#asked.shift(); asked !== undefined; asked = this.#asked.shift()) {
      await this.#wait();
      this.#queue(this.#recordOf(asked));
    }
  }

  async #drain(lane: Message[]): Promise<void> {
    for (let [message] = lane; message !== undefined; [message] = lane) {
      message.attempt += 1;
      const outcome = await this.#deliver(message).catch(rethrowUnlessKilled);
      if (outcome === undefined || outcome.kind === 'retryAfter') continue;
      if (outcome.kind === 'runFailed') throw new Error('the run failed');
      const name = nameOf(message.record);
      this.outcomes.set(name, outcome);
      if (outcome.kind === 'rejected') {
        this.letters.set(name, [...(this.letters.get(name) ?? []), message.deadLetterId]);
      }
      lane.shift();
    }
  }

  async #deliver({ record, attempt, deadLetterId }: Message): Promise<WriteOutcome> {
    const tables = new Map(TABLES.map((table) => [table as string, this.#writingOf(table)]));
    const { signal } = new AbortController();
    return createRecordWriter(tables)(record, { attempt, signal, deadLetterId });
  }

  #writingOf(table: Table): TableWriting {
    const above = ABOVE[table];
    const metadata = linkedMetadata(table, above, RESOURCES[table]);
    const { table: shape } = metadata;
    const link = (to: Table) => ({
      dynamics: 'parent',
      campaign: 'parent',
      to,
      by: 'column' as const,
    });
    return {
      mapping: mapping({
        dynamicsTable: table,
        campaignResource: RESOURCES[table],
        key: { dynamics: shape.primaryId, campaign: 'externalId' },
        fields: [{ dynamics: 'name', campaign: 'name', applyUpdates: true }],
        links: above === null ? [] : [link(above)],
      }),
      place: this.#placeOf(table),
      memory: this.memories[table],
      schema: { metadata, recheck: async () => null, noteWritten: () => undefined },
      scope: [],
      clearing: 'empty',
      deletes: OPEN_GUARD,
      linking: {
        isTarget: table !== 'vehicle',
        nestedIn: new Set(),
        parents: new Map(above === null ? [] : [[above, this.memories[above]]]),
        edges: this.edges,
        readAgain: this.#readAgain,
        lookUp: (parent, signal) => recordAt(this.#placeOf(parent.table), parent.key, signal),
        rewrite: this.#readAgain,
        release: this.#release,
      },
    };
  }

  #placeOf(name: string): RecordPlace {
    const table = TABLES.find((one) => one === name) ?? 'account';
    const { resource } = linkedMetadata(table, ABOVE[table], RESOURCES[table]);
    return { client: this.campaign, resource, keyField: 'externalId', addressing: 'uriKey' };
  }

  #queue(record: QueuedRecord): void {
    const lane = this.#lanes.get(nameOf(record)) ?? [];
    this.#messages += 1;
    lane.push({ record, attempt: 0, deadLetterId: `letter-${this.#messages}` });
    this.#lanes.set(nameOf(record), lane);
  }

  #recordOf({ table, key }: EdgeEnd): QueuedRecord {
    const row = this.rows.get(nameOf({ table, key }));
    const head = { schemaVersion: 1, instance, table, key, origin: 'change' } as const;
    const times = { modifiedOn: null, readAt: new Date(0).toISOString() };
    if (row === undefined)
      return { ...head, ...times, change: 'delete', version: null, columns: {} };
    const columns = { [`${table}id`]: key, name: `Version ${row.version}`, parent: row.parent };
    return { ...head, ...times, change: 'upsert', version: String(row.version), columns };
  }
}

/** Who was killed lets go of what was in hand; it is delivered again. */
function rethrowUnlessKilled(error: unknown): undefined {
  if (!(error instanceof Killed) && !isBusError(error)) throw error;
}

class SteppedMemory extends FakeMemory {
  readonly #step: () => Promise<void>;
  constructor(step: () => Promise<void>) {
    super();
    this.#step = step;
    void super.put('_complete', { hash: null, version: null });
  }

  override async get(key: string): Promise<WrittenEntry | null> {
    if (key !== '_complete') await this.#step();
    return super.get(key);
  }

  override async put(key: string, entry: WrittenEntry): Promise<void> {
    await this.#step();
    await super.put(key, entry);
  }
}
