import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { Bus } from './bus.ts';
import { isWrongSequence } from './errors.ts';

/** What a change makes of an entry; `next` null: it stays as it is. */
export interface LedgerChange<Value, Answer> {
  next: Value | null;
  answer: Answer;
}

/** An entry of the `LEDGERS` bucket; null: there is none, or none of this version. */
export async function readLedger<Value>(
  bus: Bus,
  key: string,
  schema: z.ZodType<Value>,
): Promise<Value | null> {
  return (await entryOf(bus, key, schema)).value;
}

/**
 * Changes an entry by compare-and-set, so that no replica's change is ever lost: when somebody else
 * was first, `change` is asked again with what is there now.
 */
export async function changeLedger<Value, Answer>(
  bus: Bus,
  key: string,
  schema: z.ZodType<Value>,
  change: (value: Value | null) => LedgerChange<Value, Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const { value, revision } = await entryOf(bus, key, schema);
    const { next, answer } = change(value);
    if (next === null) return answer;
    try {
      await bus.ledgers.put(key, JSON.stringify(schema.parse(next)), { previousSeq: revision });
      return answer;
    } catch (error) {
      if (!isWrongSequence(error)) throw error;
      // The loser of a race steps aside a little, so that many of them do not meet again.
      await sleep(Math.random() * Math.min(attempt * 2, 20));
    }
  }
}

async function entryOf<Value>(
  bus: Bus,
  key: string,
  schema: z.ZodType<Value>,
): Promise<{ value: Value | null; revision: number }> {
  const entry = await bus.ledgers.get(key);
  if (entry === null) return { value: null, revision: 0 };
  const { revision } = entry;
  if (entry.operation !== 'PUT') return { value: null, revision };
  try {
    return { value: schema.parse(JSON.parse(entry.string())), revision };
  } catch {
    return { value: null, revision };
  }
}
