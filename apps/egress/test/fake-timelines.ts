import {
  DataverseRequestError,
  type DynamicsError,
  type DynamicsWrites,
  DynamicsUnreachable,
  type NewRow,
  type RowResult,
} from '@landbridge/dynamics';

const LINE = { method: 'POST', path: 'CreateMultiple' };

/** Keeps rows under their ids, as Dataverse does, and misbehaves as it is told. */
export class FakeTimelines {
  readonly rows = new Map<string, NewRow['columns']>();
  readonly contacts: { has(id: string): boolean } | null;
  /** Rows whose text holds this are refused. */
  poison = 'POISON';
  calls = 0;
  #loseReply = false;
  #failure: DynamicsError | null = null;

  /** `contacts` null: every contact is there. */
  constructor(contacts: ReadonlySet<string> | null = null) {
    this.contacts = contacts;
  }

  readonly createRows: DynamicsWrites['createRows'] = async ({ rows }) => {
    this.calls += 1;
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) return { value: { results: [], failure }, calls: 1 };
    const results = rows.map((row) => this.#create(row));
    if (!this.#loseReply) return { value: { results, failure: null }, calls: 1 };
    this.#loseReply = false;
    const lost = new DynamicsUnreachable(LINE, 'broken');
    return { value: { results: [], failure: lost }, calls: 1 };
  };

  loseNextReply(): void {
    this.#loseReply = true;
  }

  refuseOnce(status: number, kind: DataverseRequestError['kind'], retryAfterMs: number): void {
    const head = { status, code: '', kind, column: null, retryAfterMs, requestId: null };
    this.#failure = new DataverseRequestError(LINE, { ...head, vendorText: '' });
  }

  #create({ id, columns }: NewRow): RowResult {
    const refused = {
      id,
      outcome: 'rejected',
      column: null,
      message: 'Dataverse refused it',
    } as const;
    if (Object.values(columns).includes(this.poison)) {
      return { ...refused, kind: 'rejected', code: '0x80040203' };
    }
    const bound = Object.entries(columns).find(([name]) => name.endsWith('@odata.bind'))?.[1];
    const contact = /\((.*)\)/.exec(String(bound))?.[1] ?? '';
    if (this.contacts !== null && !this.contacts.has(contact)) {
      return { ...refused, kind: 'notFound', code: '0x80040217' };
    }
    if (this.rows.has(id)) return { id, outcome: 'alreadyThere' };
    this.rows.set(id, columns);
    return { id, outcome: 'created' };
  }
}
