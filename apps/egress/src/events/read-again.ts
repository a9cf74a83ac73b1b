import type { EgressConfiguration, QueuedRecord } from '@landbridge/contracts';
import {
  DEFAULT_SHAPES,
  type ExtractedEvent,
  extractEvent,
  logLayout,
  logRowEvent,
} from '@landbridge/mapping';
import type { RejectReason } from '@landbridge/pipeline';
import { z } from 'zod';
import { eventOf } from './queued-event.ts';

/** What a record of the queue holds by the configuration of now. */
export type ReadRecord =
  | Exclude<ExtractedEvent, { outcome: 'rejected' }>
  | { outcome: 'rejected'; rejection: RejectReason };

const FromJournal = z.object({ event: z.unknown() });
const LogLine = z.object({
  log: z.enum(['delivery', 'tracking']),
  cells: z.record(z.string(), z.string()),
});
const UnreadableFile = z.object({
  file: z.string(),
  code: z.string(),
  message: z.string().optional(),
});

/**
 * The event that a record carries. What nobody could read when it came is tried once more, since
 * somebody may have told its shape meanwhile.
 */
export function readAgain(
  record: Pick<QueuedRecord, 'columns'>,
  { journal, files }: Pick<EgressConfiguration, 'journal' | 'files'>,
): ReadRecord {
  const event = eventOf(record);
  if (event !== null) return { outcome: 'event', event };
  const line = LogLine.safeParse(record.columns);
  if (line.success) {
    const { log, cells } = line.data;
    const own = log === 'delivery' ? files.deliveryColumns : files.trackingColumns;
    return logRowEvent(cells, logLayout(log, Object.keys(cells), own));
  }
  const file = UnreadableFile.safeParse(record.columns);
  if (file.success) {
    const {
      file: name,
      code,
      message: why = `The file ${name} cannot be read (${code})`,
    } = file.data;
    const message = `${why}. It stays where it is`;
    return { outcome: 'rejected', rejection: { code: 'fileUnreadable', message } };
  }
  const published = FromJournal.safeParse(record.columns);
  if (published.success && published.data.event !== undefined) {
    return extractEvent(published.data.event, [...journal.shapes, ...DEFAULT_SHAPES]);
  }
  const message = 'The line has not as many cells as its file has headings';
  return { outcome: 'rejected', rejection: { code: 'eventUnreadable', message } };
}
