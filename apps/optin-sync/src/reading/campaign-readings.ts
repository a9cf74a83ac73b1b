import type { InstanceId, OptoutName, QueuedRecord } from '@landbridge/contracts';
import { contentHash, type OptoutReading } from '@landbridge/mapping';
import type { WrittenMemory } from '@landbridge/messaging';
import type { LeftOut } from '@landbridge/pipeline';
import { pairOf } from '../schema/optin-schema.ts';
import { recall } from '../writing/contact-memory.ts';
import { contactIdOf, contactRecord, optoutsFirst } from './contact-record.ts';

/**
 * Names what Campaign says of a profile's opt-outs, so that the same is known again; of the same
 * opt-outs paired with other columns it is not the same.
 */
export function hashOfReading(
  { attributes }: Pick<OptoutReading, 'attributes'>,
  columns: ReadingsDeps['columns'],
): string {
  const states = [...columns].flatMap(([name, column]) => {
    const state = attributes[name];
    return state === undefined ? [] : [{ pair: pairOf({ column, name }), ...state }];
  });
  const values = Object.fromEntries(states.map(({ pair, value }) => [pair, value]));
  const times = Object.fromEntries(states.map(({ pair, changedAt }) => [pair, changedAt]));
  return `${contentHash(values)}.${contentHash(times)}`;
}

/** Whether both say the same of every opt-out, though perhaps not of its time. */
export const sameValues = (hash: string, other: string): boolean =>
  hash.split('.', 1)[0] === other.split('.', 1)[0];

export type ReadingsDeps = {
  instance: InstanceId;
  /** By opt-out, the column of contact. */
  columns: ReadonlyMap<OptoutName, string>;
  memory: Pick<WrittenMemory, 'get'>;
};

/** Names the pairs that are read: with others, everything is read anew. */
export const shapeOfPairs = (columns: ReadingsDeps['columns']): string =>
  [...columns]
    .map(([name, column]) => pairOf({ column, name }))
    .toSorted()
    .join(', ');

const AT_ONCE = 32;

/** A profile as Campaign told it; `attributes` is null where what it says cannot be read. */
export type ToldProfile = Omit<OptoutReading, 'attributes'> & {
  attributes: OptoutReading['attributes'] | null;
};

/** What became of readings of Campaign: contacts to look at, opt-outs first, and the rest by reason. */
export type SortedReadings = { records: QueuedRecord[]; leftOut: LeftOut[] };

/**
 * Leaves out what says nothing new, and whoever is no contact. What cannot be read may be an
 * opt-out: both systems are asked about such a contact. A contact that is told twice is looked at if
 * either telling is news, for they may come in any order. `first`: nothing was read before, so who
 * never changed anything is left out.
 */
export async function sortReadings(
  profiles: readonly ToldProfile[],
  how: { first: boolean; readAt: string },
  deps: ReadingsDeps,
): Promise<SortedReadings> {
  const counts = new Map<string, number>();
  const leaveOut = (reason: string) => void counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const contacts = new Map<string, ToldProfile[]>();
  for (const profile of profiles) {
    const contactId = contactIdOf(profile.key);
    if (contactId === null) leaveOut('notAContact');
    else if (how.first && isUntouched(profile)) leaveOut('neverChanged');
    else {
      const before = contacts.get(contactId);
      if (before === undefined) contacts.set(contactId, [profile]);
      else {
        leaveOut('toldTwice');
        before.push(profile);
      }
    }
  }
  const records: QueuedRecord[] = [];
  const all = [...contacts];
  for (let start = 0; start < all.length; start += AT_ONCE) {
    const some = await Promise.all(
      all.slice(start, start + AT_ONCE).map(async ([id, told]) => {
        const each = await Promise.all(told.map((one) => newsOf(id, one, how, deps)));
        const news = each.filter((record) => record !== null);
        return news.findLast(({ table }) => table === 'optout') ?? news.at(-1) ?? null;
      }),
    );
    for (const record of some) {
      if (record === null) leaveOut('unchanged');
      else records.push(record);
    }
  }
  const leftOut = [...counts].map(([reason, count]) => ({ table: 'optin', reason, count }));
  return { records: optoutsFirst(records), leftOut };
}

async function newsOf(
  contactId: string,
  { attributes }: ToldProfile,
  { first, readAt }: { first: boolean; readAt: string },
  { instance, columns, memory }: ReadingsDeps,
): Promise<QueuedRecord | null> {
  const origin = first ? 'load' : 'change';
  if (attributes === null) {
    return contactRecord({
      ...{ instance, contactId, origin, table: 'optout', changedAt: null },
      columns: { seen: null, sameness: `campaign/${contactId}/unreadable/${readAt}` },
    });
  }
  const known = await recall(memory, contactId);
  const seen = hashOfReading({ attributes }, columns);
  const states = Object.entries(attributes);
  // Without a time, out again looks like out before: the writer knows, once all before it is done.
  const isTimeless = states.some(([, { value, changedAt }]) => value && changedAt === null);
  if (!isTimeless && known.begun === null && known.seen.includes(seen)) return null;
  const isOptout = [...columns].some(
    ([name, column]) =>
      attributes[name]?.value === true && known.settled[pairOf({ column, name })] !== true,
  );
  return contactRecord({
    instance,
    table: isOptout ? 'optout' : 'optin',
    contactId,
    origin,
    changedAt:
      states
        .map(([, { changedAt }]) => changedAt)
        .toSorted()
        .at(-1) ?? null,
    // Not by what it says alone: a value that comes back is news again.
    columns: { seen, sameness: `campaign/${contactId}/${seen}/${readAt}` },
  });
}

const isUntouched = ({ attributes }: ToldProfile): boolean =>
  attributes !== null &&
  Object.values(attributes).every(({ value, changedAt }) => !value && changedAt === null);
