import { randomUUID } from 'node:crypto';
import { openEventLog } from '@landbridge/event-log';
import type { Contender } from './contender.ts';

const METADATA = {
  actor: { kind: 'service', id: 'bench', name: 'bench' },
  correlationId: 'bench',
  causationId: null,
  traceparent: null,
} as const;

/** Our own log, by its public door. */
export async function landbridge(url: string, connections: number): Promise<Contender> {
  const silent = { info: () => undefined, warn: () => undefined };
  const log = await openEventLog({ url, log: silent, poolMax: connections });
  return {
    name: 'event-log',
    skips: false,
    append: async (stream, version, payloads) => {
      const events = payloads.map((data) => ({
        eventId: randomUUID(),
        type: 'Measured',
        schemaVersion: 1,
        data,
        metadata: METADATA,
      }));
      await log.append(stream, version, events);
    },
    readAll: async (pageSize) => {
      let count = 0;
      let after = 0n;
      for (;;) {
        const page = await log.readAll({ after, limit: pageSize });
        count += page.length;
        const last = page.at(-1);
        if (last === undefined || page.length < pageSize) return count;
        after = last.position;
      }
    },
    countStored: async () => {
      const [row] = await log.query<{ count: bigint }>('select count(*) as count from events');
      return Number(row?.count);
    },
    close: () => log.close(),
  };
}
