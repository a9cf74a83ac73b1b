import {
  type CampaignJournal,
  type JournalPage,
  JournalPositionExpired,
} from '@landbridge/campaign';
import type { EgressConfiguration, InstanceId } from '@landbridge/contracts';
import { DEFAULT_SHAPES, extractEvent } from '@landbridge/mapping';
import { type ReadBatch, type Reader, RunFailedError } from '@landbridge/pipeline';
import { identify } from '../events/identify.ts';
import { type FoundEvent, sortEvents } from '../events/sort-events.ts';
import { campaignFailure } from '../schema/vendor-failures.ts';
import { journalCursor, tellExpired } from './journal-cursor.ts';

export type JournalReading = {
  instance: InstanceId;
  /** Its address, by which one journal is told from another. */
  address: string;
  client: Pick<CampaignJournal, 'readJournal'>;
  configuration: Pick<EgressConfiguration, 'events' | 'journal'>;
  now?: () => Date;
};

/** The reader's table: what is counted and parked under it has no kind. */
export const JOURNAL_TABLE = 'journal';

/**
 * Reads an Adobe I/O Events journal from position to position. A position that the journal forgot
 * leads to its oldest event, and the log says how much may be missing.
 */
export function createJournalReader(deps: JournalReading): Reader {
  const { instance, address, client, configuration, now = () => new Date() } = deps;
  const { eventsPerReadMax: limit, readEverySeconds, shapes } = configuration.journal;
  const allShapes = [...shapes, ...DEFAULT_SHAPES];

  /** `expired`: the position was forgotten, and the page is the oldest that is kept. */
  async function pageAt(
    position: string | null,
    signal: AbortSignal,
  ): Promise<{ page: JournalPage; expired: boolean }> {
    try {
      return { page: await client.readJournal({ position, limit, signal }), expired: false };
    } catch (error) {
      if (position === null || !(error instanceof JournalPositionExpired)) throw told(error);
    }
    return { page: (await pageAt(null, signal)).page, expired: true };
  }

  const foundIn = ({ events }: JournalPage): FoundEvent[] =>
    events.map(({ position, event }) => ({
      extracted: extractEvent(event, allShapes),
      key: position,
      columns: () => ({ event }),
    }));

  return {
    table: JOURNAL_TABLE,
    again: 'allTables',
    identify,
    async read(cursor, { signal }): Promise<ReadBatch> {
      const at = journalCursor(cursor, address);
      const { page, expired } = await pageAt(at.position, signal);
      const readAt = now();
      const answeredAt = readAt.toISOString();
      const found = foundIn(page);
      const times = found.flatMap(({ extracted }) =>
        extracted.outcome === 'event' ? [extracted.event.at] : [],
      );
      const readCount = at.readCount + found.length;
      const next = {
        journal: address,
        position: page.next,
        answeredAt,
        newestAt: times.reduce((newest: string | null, time) => later(newest, time), at.newestAt),
        readCount,
      };
      const { events } = configuration;
      return {
        ...sortEvents(found, { instance, readAt: answeredAt, source: JOURNAL_TABLE, events }),
        next,
        more: found.length > 0,
        restMs: Math.max(readEverySeconds * 1_000, page.retryAfterMs ?? 0),
        progress: { phase: 'changes', readCount, totalCount: null },
        cursorReset: expired ? tellExpired(at, earliest(times), readAt) : undefined,
        // A journal is no part of Campaign's engine: reading it spends nothing.
        calls: 0,
      };
    },
  };
}

const later = (one: string | null, other: string): string =>
  one !== null && one > other ? one : other;

const earliest = (times: readonly string[]): string | null =>
  times.reduce((oldest: string | null, time) => {
    return oldest !== null && oldest < time ? oldest : time;
  }, null);

function told(error: unknown): unknown {
  const failure = campaignFailure(error);
  return failure === null ? error : new RunFailedError(failure, { cause: error });
}
