import type { DynamicsTableMetadata } from '@landbridge/contracts';
import { CursorExpired, type DynamicsRow, type DynamicsValue } from '@landbridge/dynamics';
import { dynamicsColumn } from '@landbridge/testing/metadata';
import type { ReadingDeps } from '../src/reading/reading-deps.ts';

type Client = ReadingDeps['client'];
type Change = { id: string; version: number; deleted: boolean };

export const CONTACT: DynamicsTableMetadata = {
  table: 'contact',
  label: 'Contact',
  entitySet: 'contacts',
  primaryId: 'contactid',
  primaryName: 'fullname',
  changeTracking: true,
  custom: false,
  columns: [
    dynamicsColumn('contactid', 'uniqueidentifier'),
    dynamicsColumn('firstname', 'string', { lengthMax: 50 }),
    dynamicsColumn('jobtitle'),
    dynamicsColumn('modifiedon', 'dateTime'),
  ],
};

/**
 * One table of a Dataverse, in memory. Links are `page:<after id>:<version at the start>` and
 * `delta:<version>`; `beforePage` lets a test change rows while pages are read.
 */
export class FakeDynamics implements Client {
  readonly rows = new Map<
    string,
    { version: number; columns: Record<string, DynamicsValue>; modifiedOn: Date }
  >();
  readonly calls: string[] = [];
  beforePage: () => void = () => undefined;
  /** False: the delta link covers only what changed after the last page, as one may fear. */
  linkCoversPaging = true;
  #version = 1_000;
  #expiredBelow = 0;
  readonly #changes: Change[] = [];

  put(id: string, columns: Record<string, DynamicsValue>, modifiedOn = new Date()): void {
    this.#version += 1;
    this.rows.set(id, {
      version: this.#version,
      columns: { contactid: id, ...columns },
      modifiedOn,
    });
    this.#changes.push({ id, version: this.#version, deleted: false });
  }

  remove(id: string): void {
    this.#version += 1;
    this.rows.delete(id);
    this.#changes.push({ id, version: this.#version, deleted: true });
  }

  expireLinks(): void {
    this.#expiredBelow = this.#version + 1;
    this.#version += 1;
  }

  readPage: Client['readPage'] = async ({ link, pageRowsMax }) => {
    this.calls.push(link === null ? 'first page' : (link.split(':')[0] ?? ''));
    if (link?.startsWith('delta:') === true) return this.#readDelta(Number(link.split(':')[1]));
    const [, after = '', started = String(this.#version)] = link?.split(':') ?? [];
    const ids = [...this.rows.keys()].sort().filter((id) => id > after);
    const rows = ids.slice(0, pageRowsMax).map((id) => this.#row(id));
    const last = rows.at(-1)?.id ?? '';
    const more = ids.length > pageRowsMax;
    this.beforePage();
    const covered = this.linkCoversPaging ? started : String(this.#version);
    return {
      value: {
        rows,
        deletedIds: [],
        nextLink: more ? `page:${last}:${started}` : null,
        deltaLink: more ? null : `delta:${covered}`,
      },
      calls: 1,
    };
  };

  readModifiedSince: Client['readModifiedSince'] = async ({ since }) => {
    this.calls.push('modified since');
    const rows = [...this.rows.entries()]
      .filter(([, { modifiedOn }]) => modifiedOn >= since)
      .map(([id]) => this.#row(id));
    return { value: { rows, nextLink: null }, calls: 1 };
  };

  rowsByIds: Client['rowsByIds'] = async ({ ids }) => {
    this.calls.push('rows by ids');
    return { value: ids.filter((id) => this.rows.has(id)).map((id) => this.#row(id)), calls: 1 };
  };

  row: Client['row'] = async ({ id }) => {
    this.calls.push('row');
    return { value: this.rows.has(id) ? this.#row(id) : null, calls: 1 };
  };

  existing: Client['existing'] = async (_table, ids) => {
    this.calls.push('existing');
    return { value: new Set(ids.filter((id) => this.rows.has(id))), calls: 1 };
  };

  totalCount: Client['totalCount'] = async () => ({ value: this.rows.size, calls: 1 });

  #readDelta(since: number): Awaited<ReturnType<Client['readPage']>> {
    if (since < this.#expiredBelow) {
      throw new CursorExpired('contact', {
        status: 400,
        code: '0x80044352',
        kind: 'rejected',
        column: null,
        retryAfterMs: null,
        requestId: null,
        vendorText: '',
      });
    }
    const changed = this.#changes.filter(({ version }) => version > since);
    const ids = [...new Set(changed.map(({ id }) => id))];
    const value = {
      rows: ids.filter((id) => this.rows.has(id)).map((id) => this.#row(id)),
      deletedIds: [...new Set(changed.filter(({ deleted }) => deleted).map(({ id }) => id))],
      nextLink: null,
      deltaLink: `delta:${this.#version}`,
    };
    return { value, calls: 1 };
  }

  #row(id: string): DynamicsRow {
    const row = this.rows.get(id);
    if (row === undefined) throw new Error(`no row ${id}`);
    const { version, columns, modifiedOn } = row;
    return {
      id,
      version: String(version),
      modifiedOn: modifiedOn.toISOString(),
      columns: { ...columns },
    };
  }
}
