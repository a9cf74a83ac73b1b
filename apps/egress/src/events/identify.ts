import type { QueuedRecord } from '@landbridge/contracts';
import type { RecordIdentity } from '@landbridge/pipeline';
import { eventOf } from './queued-event.ts';

/**
 * An event told twice is one message. Events of one profile go through one partition, in the order
 * of their times as far as the source tells them so.
 */
export function identify(record: QueuedRecord): RecordIdentity {
  const { table, key, version } = record;
  const profile = eventOf(record)?.profile;
  return {
    // An event that waited is meant to come again.
    sameness: version === null ? `${table}/${key}` : `${table}/${key}/waited-${version}`,
    together: profile === undefined ? key : `${profile.by}/${profile.value.toLowerCase()}`,
  };
}
