import { OptinDecision, Timestamp } from '@landbridge/contracts';
import type { WrittenMemory } from '@landbridge/messaging';
import { z } from 'zod';

/** What is remembered of one contact, so that our own writes are told from people's. */
export const ContactMemory = z.object({
  schemaVersion: z.literal(1),
  /** Of Campaign's opt-outs as they were told and as they were last read: nothing new in them. */
  seen: z.array(z.string()),
  /**
   * By pair, what Dynamics 365 held when the contact was last decided on. Older versions wrote it by
   * column, which names no pair: such a contact is decided on once more.
   */
  settled: z.record(z.string(), z.boolean().nullable()),
  /** Our last write to Dynamics 365: the version it made, and the record's time before it. */
  own: z.object({ version: z.string(), before: Timestamp }).nullable(),
  /** Writes that were begun and may or may not have landed. */
  begun: z.object({ version: z.string(), decisions: z.array(OptinDecision) }).nullable(),
  /** Opted out in Dynamics 365, and without a profile when it was last looked at. */
  awaitsProfile: z.boolean().optional(),
});
export type ContactMemory = z.infer<typeof ContactMemory>;

const NOTHING: ContactMemory = {
  schemaVersion: 1,
  seen: [],
  settled: {},
  own: null,
  begun: null,
};

/** Whatever was never written or is forgotten reads as nothing: then Dynamics counts as newer. */
export async function recall(
  memory: Pick<WrittenMemory, 'get'>,
  contactId: string,
): Promise<ContactMemory> {
  const entry = await memory.get(contactId);
  const parsed = ContactMemory.safeParse(entry?.extra);
  return parsed.success ? parsed.data : NOTHING;
}

/** Await it before the message is settled. */
export async function remember(
  memory: Pick<WrittenMemory, 'put'>,
  contactId: string,
  contact: ContactMemory,
): Promise<void> {
  const version = contact.own?.version ?? null;
  await memory.put(contactId, { hash: contact.seen.at(-1) ?? null, version, extra: contact });
}
