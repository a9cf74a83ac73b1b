import type { NewEvent, RecordedEvent } from '@landbridge/event-log';
import { z } from 'zod';

/** An event as it lies in the log: what happened, and what the log knows of it. */
export interface Logged<Event> {
  event: Event;
  position: bigint;
  at: Date;
  /** The actor's name. */
  by: string;
  traceparent: string | null;
}

/** What an event is made of before it is stored: its type, and its data beside it. */
interface Typed {
  type: string;
}

/** Reads stored events of one union. Throws  ZodError for what its schema does not know. */
export function readLogged<Event extends Typed>(
  schema: z.ZodType<Event>,
  recorded: RecordedEvent,
): Logged<Event> {
  return {
    event: schema.parse({ ...recorded.data, type: recorded.type }),
    position: recorded.position,
    at: recorded.recordedAt,
    by: recorded.metadata.actor.name,
    traceparent: recorded.metadata.traceparent,
  };
}

const Data = z.record(z.string(), z.json());

/** Of the types whose shape has changed; all others are as they were at first. */
const SCHEMA_VERSIONS: Readonly<Record<string, number>> = { ConfigurationSaved: 2 };

/** How an event is stored, in the newest version of its type's schema. */
export function toStored(
  { type, ...data }: Typed,
  eventId: string,
  metadata: NewEvent['metadata'],
): NewEvent {
  return {
    eventId,
    type,
    schemaVersion: SCHEMA_VERSIONS[type] ?? 1,
    data: Data.parse(data),
    metadata,
  };
}
