import type { EventLog } from '@landbridge/event-log';
import type { HealthCheck } from '@landbridge/telemetry';

/** Whether the event log can be read; without it no question has an answer. */
export const logHealth = (log: EventLog): HealthCheck => ({
  name: 'event-log',
  check: async () => {
    try {
      return { ok: true, detail: `at position ${String(await log.head())}` };
    } catch {
      return { ok: false, detail: 'Postgres does not answer' };
    }
  },
});
