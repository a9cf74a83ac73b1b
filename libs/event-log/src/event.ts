/** What JSON can say, and so what Postgres keeps in a `jsonb` column. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

/** Who and what caused an event. Ids and names of accounts only, never a contact's data. */
export interface EventMetadata {
  actor: { kind: 'person' | 'token' | 'service'; id: string; name: string };
  correlationId: string;
  causationId: string | null;
  /** The W3C header of the span in which the event was decided. */
  traceparent: string | null;
}

/**
 * A fact that is about to be recorded.
 * Shape   `eventId` is a UUID and known for ever: appending it again is refused, in any stream.
 */
export interface NewEvent {
  eventId: string;
  type: string;
  /** Grows when the shape of `data` changes; an upcaster leads from each version to the next. */
  schemaVersion: number;
  data: JsonObject;
  metadata: EventMetadata;
}

/**
 * A recorded fact, in the newest shape of its type.
 * Shape   `position` orders all events in the order of their commits and has gaps;
 *         `streamVersion` counts a stream's events from 1 without gaps.
 * Units   `recordedAt` is exact to the millisecond and never goes back along the positions.
 */
export interface RecordedEvent extends NewEvent {
  position: bigint;
  streamId: string;
  streamVersion: number;
  recordedAt: Date;
}

/** The version that a stream must have for an append; 0: it must not exist yet. */
export type ExpectedVersion = number | 'any';

/** Where an append ended: the last event's version in its stream and position in the log. */
export interface AppendResult {
  streamVersion: number;
  position: bigint;
}
