import type { Consumer } from '@nats-io/jetstream';
import type { Bus } from './bus.ts';
import { tickOf } from './consumers.ts';
import { ensureConsumer } from './ensure-streams.ts';
import { isStreamFull } from './errors.ts';
import { TICKS } from './streams.ts';
import { tableConsumer, type TableAddress, tickSubject } from './subjects.ts';

/**
 * The table's tick, seeded if there is none. Whoever takes it with `next()` may read the table
 * until the tick is handed back with `nak(delay)`; it is never acknowledged.
 */
export async function openTick(bus: Bus, at: TableAddress): Promise<Consumer> {
  await ensureConsumer(bus.jsm, TICKS.name, tickOf(at));
  try {
    await bus.js.publish(tickSubject(at), JSON.stringify({ schemaVersion: 1 }));
  } catch (error) {
    // The stream takes one message for each table: a second one is refused, and that is meant.
    if (!isStreamFull(error)) throw error;
  }
  return bus.js.consumers.get(TICKS.name, tableConsumer(at));
}
