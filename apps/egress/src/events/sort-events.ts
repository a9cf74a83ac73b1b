import type { EgressConfiguration, InstanceId, QueuedRecord } from '@landbridge/contracts';
import type { ExtractedEvent } from '@landbridge/mapping';
import type { LeftOut } from '@landbridge/pipeline';
import { queuedAsItCame, queuedEvent } from './queued-event.ts';

/** One event as its source told it. `key`, `columns`: for what no event can be made of. */
export type FoundEvent = {
  extracted: ExtractedEvent;
  key: string;
  columns: () => Record<string, unknown>;
};

export type SortedEvents = { records: QueuedRecord[]; leftOut: LeftOut[] };

/**
 * What of a batch is queued, by the events' times, each event once, and what is left out and why.
 * `source`: the reader's table, under which stands what no kind can be told of.
 */
export function sortEvents(
  found: readonly FoundEvent[],
  of: {
    instance: InstanceId;
    readAt: string;
    source: string;
    events: EgressConfiguration['events'];
  },
): SortedEvents {
  const events = new Map<string, QueuedRecord>();
  const unreadable: QueuedRecord[] = [];
  const tally = new LeftOutTally();
  for (const { extracted, key, columns } of found) {
    switch (extracted.outcome) {
      case 'event': {
        const { event } = extracted;
        const id = `${event.kind}/${event.id}`;
        if (!of.events[event.kind]) tally.add(event.kind, 'typeOff');
        else if (events.has(id)) tally.add(event.kind, 'toldTwice');
        else events.set(id, queuedEvent(event, of));
        break;
      }
      case 'leftOut':
        tally.add(tableOf(extracted.reason, of.source), extracted.reason);
        break;
      case 'rejected':
        unreadable.push(queuedAsItCame({ source: of.source, key, columns: columns() }, of));
        break;
      default:
        extracted satisfies never;
    }
  }
  const byTime = [...events.values()].sort((a, b) => timeOf(a) - timeOf(b));
  return { records: [...byTime, ...unreadable], leftOut: tally.all() };
}

const timeOf = ({ modifiedOn }: QueuedRecord): number =>
  modifiedOn === null ? 0 : Date.parse(modifiedOn);

const tableOf = (reason: string, source: string): string =>
  reason === 'softBounce' || reason === 'bounceUnclear' ? 'bounce' : source;

class LeftOutTally {
  readonly #counts = new Map<string, LeftOut>();

  add(table: string, reason: string): void {
    const known = this.#counts.get(`${table}/${reason}`);
    const count = (known?.count ?? 0) + 1;
    this.#counts.set(`${table}/${reason}`, { table, reason, count });
  }

  all(): LeftOut[] {
    return [...this.#counts.values()];
  }
}
