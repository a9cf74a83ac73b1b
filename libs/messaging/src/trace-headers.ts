import { currentTraceparent } from '@landbridge/telemetry';
import { headers, type MsgHdrs } from '@nats-io/nats-core';

const TRACEPARENT = 'traceparent';

/** Headers that let the receiver go on with the trace that is active here. */
export function tracedHeaders(traceparent: string | null = currentTraceparent()): MsgHdrs {
  const carried = headers();
  if (traceparent !== null) carried.set(TRACEPARENT, traceparent);
  return carried;
}

/** The W3C `traceparent` that a message carries; null when it was not traced. */
export function traceparentOf(message: { headers?: MsgHdrs | undefined }): string | null {
  const value = message.headers?.get(TRACEPARENT) ?? '';
  return value === '' ? null : value;
}
