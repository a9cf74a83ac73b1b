import type { HistoryEntry } from '@landbridge/contracts';
import type { EventLog } from '@landbridge/event-log';
import { z } from 'zod';
import type { Page, PageRequest, WorkflowKey } from '../control-plane.ts';
import { decodeCursor, encodeCursor } from '../opaque-cursor.ts';
import { historySources } from './history-sources.ts';

/** How far each source is still to be told; what is newer was on earlier pages. 0: nothing is left. */
const Cursor = z.array(z.int32().nonnegative());

/**
 * What happened to a workflow and to its instance and what people did about its dead letters and
 * verifications, newest first, a sentence each.
 */
export async function readHistory(
  log: EventLog,
  key: WorkflowKey,
  { cursor, limit }: PageRequest,
): Promise<Page<HistoryEntry>> {
  const sources = historySources(log, key);
  const marks =
    cursor === null ? sources.map(() => null) : decodeCursor(Cursor.length(sources.length), cursor);
  const found = await Promise.all(
    sources.map(async (read, source) => {
      const toVersion = marks[source] ?? null;
      const facts = toVersion === 0 ? [] : await read({ toVersion, limit: limit + 1 });
      return facts.map((fact) => ({ ...fact, source }));
    }),
  );
  const newestFirst = found.flat().sort((one, other) => (one.position < other.position ? 1 : -1));
  const rest = newestFirst.slice(limit);
  const left = sources.map((_, index) => rest.find(({ source }) => source === index)?.version ?? 0);
  return {
    items: await Promise.all(newestFirst.slice(0, limit).map(({ tell }) => tell())),
    next: rest.length > 0 ? encodeCursor(left) : null,
  };
}
