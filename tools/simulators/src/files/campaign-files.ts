import type { CampaignState } from '../campaign/campaign-state.ts';
import { timestamp } from '../campaign/check-values.ts';
import type { Values } from '../campaign/record-store.ts';
import type { MailEvent } from '../mail/mail-event.ts';
import type { MailLog } from '../mail/mail-log.ts';
import { delimitedText, type FileColumn } from './delimited-text.ts';
import type { FileDrop } from './file-drop.ts';
import {
  deliveryLogColumns,
  isInDeliveryLog,
  isInTrackingLog,
  trackingLogColumns,
} from './mail-log-columns.ts';
import { lastOptOut, optOutColumns } from './opt-out-columns.ts';

/** The Campaign workflows that put files on SFTP: each holds what is new since its last run. */
export class CampaignFiles {
  readonly #state: CampaignState;
  readonly #log: MailLog;
  readonly drop: FileDrop;
  #timers: NodeJS.Timeout[] = [];

  constructor(state: CampaignState, log: MailLog, drop: FileDrop) {
    this.#state = state;
    this.#log = log;
    this.drop = drop;
  }

  /** Delivery logs and tracking logs since the last run; answers the files' names. */
  writeLogFiles(): string[] {
    const { switches } = this.#state;
    if (switches.fileArrival === 'missing') return [];
    const events = this.#log.events(this.#log.mark('logs'));
    this.#log.setMark('logs', this.#log.count);
    const deliveries = events.filter(isInDeliveryLog);
    const tracking = events.filter(isInTrackingLog);
    return [
      ...this.#extract<MailEvent>(
        switches.deliveryLogName,
        deliveryLogColumns(switches),
        deliveries,
      ),
      ...this.#extract<MailEvent>(switches.trackingLogName, trackingLogColumns(switches), tracking),
    ];
  }

  /** The profiles whose opt-outs may have changed since the last export; answers the file's names. */
  exportOptOuts(): string[] {
    const { switches } = this.#state;
    if (switches.fileArrival === 'missing') return [];
    const sinceMs = this.#log.mark('optOuts');
    const since = sinceMs === 0 ? '' : timestamp(new Date(sinceMs));
    this.#log.setMark('optOuts', this.#state.now().getTime());
    const changed = (values: Values): string =>
      switches.optOutSelects === 'optOutTimes'
        ? lastOptOut(values)
        : String(values['lastModified'] ?? '');
    const rows: Values[] = [];
    const { store } = this.#state.get('profile');
    for (const ordinal of store.ordinals()) {
      const values = store.read(ordinal) ?? {};
      if (changed(values) !== '' && changed(values) >= since) rows.push(values);
    }
    return this.#extract(switches.optOutFileName, optOutColumns(switches), rows);
  }

  /** Lets both workflows run by themselves, every so many seconds; 0: only when they are told to. */
  schedule(everyS: { logs: number; optOuts: number }): void {
    this.stop();
    const every = (seconds: number, work: () => void): void => {
      if (seconds > 0) this.#timers.push(setInterval(work, seconds * 1_000));
    };
    every(everyS.logs, () => this.writeLogFiles());
    every(everyS.optOuts, () => this.exportOptOuts());
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  #extract<Row>(stem: string, columns: FileColumn<Row>[], rows: Row[]): string[] {
    const { switches } = this.#state;
    if (rows.length === 0 && !switches.emptyFiles) return [];
    return this.drop.put(stem, delimitedText(columns, rows, switches), this.#state.now());
  }
}
