import { CallQuery, type CallCounts, type CallQueryInput, type CallRecord } from './call.schema.ts';

type Entry = Omit<CallRecord, 'at'> & { at: number };

/** Calls that go to other hosts than the API's own: not in `total`, yet in `byCall`. */
const ASIDE = /^(token|journal|sftp[A-Z]\w*)$/;

/** Keeps the newest calls and exact counts of all of them. */
export class CallLog {
  readonly #keep: number;
  #entries: Entry[] = [];
  #n = 0;
  #counts = emptyCounts();

  constructor(keep = 200_000) {
    this.#keep = keep;
  }

  add(entry: Omit<Entry, 'n'>): void {
    this.#entries.push({ n: ++this.#n, ...entry });
    if (this.#entries.length > this.#keep * 1.5) this.#entries = this.#entries.slice(-this.#keep);
    const counts = this.#counts;
    if (entry.call === 'token') counts.tokens++;
    if (!ASIDE.test(entry.call)) counts.total++;
    counts.byCall[entry.call] = (counts.byCall[entry.call] ?? 0) + 1;
    counts.byStatus[entry.status] = (counts.byStatus[entry.status] ?? 0) + 1;
  }

  concurrent(count: number): void {
    if (count > this.#counts.concurrentMax) this.#counts.concurrentMax = count;
  }

  calls(input: CallQueryInput = {}): CallRecord[] {
    const query = CallQuery.parse(input);
    const found = this.#entries.filter(
      (entry) =>
        (query.call === undefined || entry.call === query.call) &&
        (query.method === undefined || entry.method === query.method) &&
        (query.key === undefined || entry.key === query.key) &&
        (query.status === undefined || entry.status === query.status) &&
        (query.after === undefined || entry.n > query.after),
    );
    return found
      .slice(0, query.limit)
      .map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() }));
  }

  counts(): CallCounts {
    return structuredClone(this.#counts);
  }

  /** Numbers go on; counts start again. */
  reset(): void {
    this.#entries = [];
    this.#counts = emptyCounts();
  }
}

function emptyCounts(): CallCounts {
  return { total: 0, tokens: 0, byCall: {}, byStatus: {}, concurrentMax: 0 };
}
