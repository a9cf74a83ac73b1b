import type { InstanceId } from '@landbridge/contracts';
import { type Bus, type Cursor, writtenAfter, type WrittenMemory } from '@landbridge/messaging';
import type { ReadBatch, Reader } from '@landbridge/pipeline';
import { z } from 'zod';
import { recall } from '../writing/contact-memory.ts';
import { contactRecord, identifyContact } from './contact-record.ts';

/** Where the memory of what ingress wrote was read up to. */
const NewProfilesCursor = z.object({
  schemaVersion: z.literal(1),
  after: z.int().nonnegative(),
});

const LOOK_MAX = 500;
const REST_MS = 1_000;

export type NewProfilesDeps = {
  bus: Bus;
  instance: InstanceId;
  memory: Pick<WrittenMemory, 'get'>;
};

/** Where ingress remembers which contacts it wrote. */
export const ingressContacts = (instance: InstanceId) =>
  ({ workflow: 'ingress', instance, table: 'contact' }) as const;

/**
 * Looks anew at contacts that had opted out in Dynamics 365 before they had a profile, when ingress
 * has made it: nothing else tells, for their opt-out is no news in Dynamics 365 and none in
 * Campaign. Neither system is asked.
 */
export function createNewProfilesReader(deps: NewProfilesDeps): Reader {
  return {
    table: 'new_profiles',
    again: 'none',
    identify: identifyContact,
    read: (cursor) => readNewProfiles(cursor, deps),
  };
}

async function readNewProfiles(
  saved: Cursor | null,
  { bus, instance, memory }: NewProfilesDeps,
): Promise<ReadBatch> {
  const parsed = NewProfilesCursor.safeParse(saved);
  const after = parsed.success ? parsed.data.after : 0;
  const written = await writtenAfter(bus, ingressContacts(instance), { after, limit: LOOK_MAX });
  const known = await Promise.all(
    written.keys.map(async (contactId) => ({ contactId, ...(await recall(memory, contactId)) })),
  );
  const records = known
    .filter(({ awaitsProfile }) => awaitsProfile === true)
    .map(({ contactId }) =>
      contactRecord({
        ...{ instance, contactId, table: 'optout', origin: 'change', changedAt: null },
        columns: { seen: null, sameness: `profile/${contactId}/${written.next}` },
      }),
    );
  return {
    records,
    next: { schemaVersion: 1, after: written.next },
    more: written.keys.length === LOOK_MAX,
    restMs: REST_MS,
    calls: 0,
  };
}
