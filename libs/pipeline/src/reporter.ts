import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DesiredRun, ReplicaId, Report } from '@landbridge/contracts';
import { type Bus, publishReport } from '@landbridge/messaging';
import type { Log } from '@landbridge/telemetry';
import { backoffMs } from './backoff.ts';

type Head = 'reportId' | 'workflow' | 'instance' | 'runId' | 'replica' | 'at';
type BodyOf<R> = R extends Report ? Omit<R, Head> : never;

/** A report without what is the same for all reports of a run. */
export type ReportBody = BodyOf<Report>;

/** Which run of which replica reports. */
export type RunAddress = Pick<DesiredRun, 'workflow' | 'instance' | 'runId'> & {
  replica: ReplicaId;
};

/** After the run's last report this long is enough for a NATS that is there. */
const LAST_WORD_MS = 10_000;

/** So many reports may wait before those that will be told again are left out. */
const OFFER_WAITING_MAX = 8;

/** Tells the control plane about one run, in order, for as long as it takes. */
export class Reporter {
  readonly #bus: Bus;
  readonly #run: RunAddress;
  readonly #log: Log;
  readonly #closing = new AbortController();
  #last: Promise<void> = Promise.resolve();
  #waitingCount = 0;

  constructor(bus: Bus, run: RunAddress, log: Log) {
    this.#bus = bus;
    this.#run = run;
    this.#log = log;
  }

  /** Resolves when the report is stored; reports leave in the order of the calls. */
  send(body: ReportBody): Promise<void> {
    const report = this.#complete(body, randomUUID());
    this.#waitingCount += 1;
    this.#last = this.#last
      .then(() => this.#insist(report))
      .finally(() => (this.#waitingCount -= 1));
    return this.#last;
  }

  /** Sends what will be told again anyway; left out while many earlier reports still wait. */
  offer(body: ReportBody): boolean {
    if (this.#waitingCount >= OFFER_WAITING_MAX) return false;
    void this.send(body);
    return true;
  }

  /**
   * One attempt, beside the order: for what must be stored before a message is settled.
   * Told twice with the same `seed`, it is one report.
   */
  async sendOnce(body: ReportBody, seed: string): Promise<void> {
    await publishReport(this.#bus, this.#complete(body, uuidOf(`${this.#run.runId}/${seed}`)));
  }

  /** Waits for what was sent, within reason. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.#closing.abort(), LAST_WORD_MS);
    await this.#last;
    clearTimeout(timer);
    this.#closing.abort();
  }

  async #insist(report: Report): Promise<void> {
    const { signal } = this.#closing;
    for (let attempt = 1; !signal.aborted && !this.#bus.connection.isClosed(); attempt += 1) {
      try {
        await publishReport(this.#bus, report);
        return;
      } catch (err) {
        this.#log.warn({ err, kind: report.kind }, 'a report was not stored; sending it again');
        const options = { capMs: 5_000 };
        await sleep(backoffMs(attempt, options), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #complete(body: ReportBody, reportId: string): Report {
    return { ...this.#run, reportId, at: new Date().toISOString(), ...body };
  }
}

/** The same UUID for the same text (version 8: made by a rule of our own). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join('-');
}
