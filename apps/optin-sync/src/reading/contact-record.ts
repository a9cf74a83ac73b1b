import type { InstanceId, QueuedRecord } from '@landbridge/contracts';
import type { RecordIdentity } from '@landbridge/pipeline';
import { z } from 'zod';

/** `optout`: somebody may have opted out, which goes before everything else. */
export type OptinTable = 'optout' | 'optin';

/** What a queued record says: look at this contact. Its values are read when it is decided on. */
const ContactColumns = z.object({
  /** Of Campaign's opt-outs as they were told; null: it was not Campaign that told. */
  seen: z.string().nullable(),
  /** By pair, what Dynamics 365 told; null: it was not Dynamics 365 that told. */
  told: z.record(z.string(), z.boolean().nullable()).nullable().default(null),
  /** What is told twice has it twice. */
  sameness: z.string(),
  /** How often it has stepped aside. */
  asides: z.int().nonnegative(),
});
export type ContactColumns = z.infer<typeof ContactColumns>;

const GUID = /^\{?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\}?$/i;

/** The contactid that a profile's key is, in braces or not; null: the profile comes from elsewhere. */
export const contactIdOf = (key: string): string | null =>
  GUID.exec(key)?.[1]?.toLowerCase() ?? null;

export function contactRecord(told: {
  instance: InstanceId;
  table: OptinTable;
  contactId: string;
  origin: QueuedRecord['origin'];
  /** When the change was made, where that is known. */
  changedAt: string | null;
  columns: Omit<ContactColumns, 'asides' | 'told'> & Partial<Pick<ContactColumns, 'told'>>;
}): QueuedRecord {
  return {
    schemaVersion: 1,
    instance: told.instance,
    table: told.table,
    key: told.contactId,
    change: 'upsert',
    origin: told.origin,
    version: null,
    modifiedOn: told.changedAt,
    readAt: new Date().toISOString(),
    columns: { ...told.columns, asides: 0 },
  };
}

/** Whatever else it says, a contact is looked at. */
export function columnsOfRecord({ columns, key }: QueuedRecord): ContactColumns {
  const parsed = ContactColumns.safeParse(columns);
  return parsed.success ? parsed.data : { seen: null, told: null, sameness: key, asides: 0 };
}

/** All that concerns one contact goes through one partition, wherever it was read. */
export const identifyContact = (record: QueuedRecord): RecordIdentity => ({
  sameness: columnsOfRecord(record).sameness,
  together: record.key,
});

/** Opt-outs first: contacts have no order among each other. */
export const optoutsFirst = (records: readonly QueuedRecord[]): QueuedRecord[] =>
  records.toSorted((a, b) => rankOf(a) - rankOf(b));

const rankOf = ({ table }: QueuedRecord): number => (table === 'optout' ? 0 : 1);
