import { randomUUID } from 'node:crypto';
import type { InstanceId, QueuedRecord } from '@landbridge/contracts';
import { contactIdOf, contactRecord } from './contact-record.ts';

/** Contacts that a person asked to look at again; nothing needs to be read for it. */
export async function readContactsAgain(
  keys: readonly string[],
  instance: InstanceId,
): Promise<{ records: QueuedRecord[]; calls: number }> {
  const records = keys.flatMap((key) => {
    const contactId = contactIdOf(key);
    if (contactId === null) return [];
    const columns = { seen: null, sameness: `again/${contactId}/${randomUUID()}` };
    const told = { instance, contactId, columns, changedAt: null } as const;
    return [contactRecord({ ...told, table: 'optout', origin: 'change' })];
  });
  return { records, calls: 0 };
}
