import { randomUUID } from 'node:crypto';
import type { InstanceId, QueuedRecord } from '@landbridge/contracts';
import { contactIdOf, contactRecord } from './contact-record.ts';
import { unreadableRowIn, unreadableRowRecord } from './unreadable-row.ts';

/**
 * Contacts that a person asked to look at again; nothing needs to be read for it. A row of a file
 * that does not tell whom it is about stays a dead letter.
 */
export async function readContactsAgain(
  keys: readonly string[],
  instance: InstanceId,
): Promise<{ records: QueuedRecord[]; calls: number }> {
  const records = keys.flatMap((key) => {
    const contactId = contactIdOf(key);
    if (contactId === null) {
      const row = unreadableRowIn(key);
      return row === null ? [] : [unreadableRowRecord(row, instance)];
    }
    const columns = { seen: null, sameness: `again/${contactId}/${randomUUID()}` };
    const told = { instance, contactId, columns, changedAt: null } as const;
    return [contactRecord({ ...told, table: 'optout', origin: 'change' })];
  });
  return { records, calls: 0 };
}
