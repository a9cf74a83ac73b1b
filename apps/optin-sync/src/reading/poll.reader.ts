import type { OptinConfiguration } from '@landbridge/contracts';
import type { CampaignPage } from '@landbridge/campaign';
import { contentHash, instantOf, readOptouts } from '@landbridge/mapping';
import type { Cursor } from '@landbridge/messaging';
import type { ReadBatch, ReadContext, Reader } from '@landbridge/pipeline';
import { z } from 'zod';
import type { Ends } from '../ends.ts';
import { type OptinSchema, profileColumns } from '../schema/optin-schema.ts';
import { readingError } from '../schema/vendor-failures.ts';
import {
  type ReadingsDeps,
  shapeOfPairs,
  sortReadings,
  type ToldProfile,
} from './campaign-readings.ts';
import { identifyContact } from './contact-record.ts';
import { readContactsAgain } from './read-contacts-again.ts';

const PollCursor = z.object({
  schemaVersion: z.literal(1),
  /** What is asked for, and of which pairs; another shape begins anew. */
  shape: z.string(),
  /** Campaign’s time from which changes are asked for; null: all profiles. */
  since: z.iso.datetime().nullable(),
  /** By our clock, when this poll began. */
  startedAt: z.iso.datetime(),
  /** The latest change that this poll has shown. */
  newest: z.iso.datetime().nullable(),
  /** Of the next page; null: the next poll is due. */
  link: z.string().nullable(),
  /** Profiles that this poll and the one before it could not read, by what they hold. */
  unreadable: z.array(z.string()).default([]),
  unreadableBefore: z.array(z.string()).default([]),
});
type PollCursor = z.infer<typeof PollCursor>;

export type PollDeps = ReadingsDeps & {
  poll: OptinConfiguration['poll'];
  campaign: Pick<Ends['campaign'], 'page'>;
  schema: () => OptinSchema;
  now: () => Date;
};

/** Of so many it is known that they were told; more are told with each poll that shows them. */
const UNREADABLE_MAX = 1_000;
const EVERYTHING = '1970-01-01 00:00:00.000Z';

/** Asks Campaign for the profiles that changed, page by page, from where the last poll ended. */
export function createPollReader(deps: PollDeps): Reader {
  return {
    table: 'campaign_poll',
    again: 'allTables',
    identify: identifyContact,
    readAgain: (keys) => readContactsAgain(keys, deps.instance),
    read: (cursor, context) =>
      readPage(cursor, deps, context).catch((error: unknown) => {
        throw readingError(error);
      }),
  };
}

async function readPage(
  saved: Cursor | null,
  deps: PollDeps,
  { signal }: ReadContext,
): Promise<ReadBatch> {
  const { poll, campaign, now } = deps;
  const schema = deps.schema();
  const cursor = begin(saved, shapeOf(deps, schema), now());
  const { value: page, calls } = await campaign.page(
    schema.resource,
    {
      link: cursor.link,
      lineCount: poll.profilesPerPage,
      by: {
        filter: poll.filter,
        parameter: poll.parameter,
        value: cursor.since === null ? EVERYTHING : cursor.since.replace('T', ' '),
      },
    },
    { signal },
  );
  const { profiles, newest, unreadable } = read(page, schema, cursor.unreadableBefore);
  const first = cursor.since === null;
  const { records, leftOut } = await sortReadings(
    profiles,
    { first, readAt: `${cursor.startedAt}/${cursor.link ?? ''}` },
    deps,
  );
  const seen = {
    ...cursor,
    newest: latest(cursor.newest, newest),
    link: page.next,
    unreadable: [...cursor.unreadable, ...unreadable].slice(0, UNREADABLE_MAX),
  };
  return {
    records,
    leftOut,
    next: page.next === null ? ended(seen, poll.overlapSeconds) : seen,
    more: page.next !== null,
    restMs: poll.everySeconds * 1_000,
    calls,
  };
}

function begin(saved: Cursor | null, shape: string, now: Date): PollCursor {
  const parsed = PollCursor.safeParse(saved);
  const startedAt = now.toISOString();
  if (!parsed.success || parsed.data.shape !== shape) {
    const nothing = { since: null, newest: null, link: null, unreadable: [], unreadableBefore: [] };
    return { schemaVersion: 1, shape, startedAt, ...nothing };
  }
  const { link, unreadable } = parsed.data;
  if (link !== null) return parsed.data;
  return { ...parsed.data, startedAt, newest: null, unreadable: [], unreadableBefore: unreadable };
}

/**
 * The next poll begins where this one began, or at the latest change it has shown if that is
 * earlier, less the overlap: so what changed on a page that was read already is met again, and
 * the two clocks may be apart by as much as the overlap.
 */
function ended(cursor: PollCursor, overlapSeconds: number): PollCursor {
  const { newest, startedAt, since } = cursor;
  const from = newest !== null && newest < startedAt ? newest : startedAt;
  const overlapped = new Date(Date.parse(from) - overlapSeconds * 1_000).toISOString();
  // Nothing changed: what was asked for stays the place to go on from.
  const quiet = newest === null && since !== null;
  return { ...cursor, since: quiet ? since : overlapped };
}

const timeOf = (value: unknown): string | null =>
  typeof value === 'string' ? instantOf(value) : null;

const latest = (one: string | null, other: string | null): string | null =>
  one === null || (other !== null && other > one) ? other : one;

function shapeOf({ poll, columns }: PollDeps, { keyField }: OptinSchema): string {
  return [poll.filter, poll.parameter, keyField, shapeOfPairs(columns)].join(' ');
}

function read(
  { records }: CampaignPage,
  schema: OptinSchema,
  unreadableBefore: readonly string[],
): { profiles: ToldProfile[]; newest: string | null; unreadable: string[] } {
  const columns = profileColumns(schema);
  const profiles: ToldProfile[] = [];
  const unreadable: string[] = [];
  let newest: string | null = null;
  for (const { fields } of records) {
    newest = latest(newest, timeOf(fields['lastModified']));
    const found = readOptouts((column) => fields[column], columns);
    if (found.outcome === 'read') profiles.push(found.reading);
    else if (found.key !== null) {
      const told = contentHash({ profile: JSON.stringify(fields) });
      unreadable.push(told);
      // Polls overlap, and its contact is a dead letter by now where the API does not tell more.
      if (!unreadableBefore.includes(told)) {
        profiles.push({ key: found.key, attributes: null });
      }
    }
  }
  return { profiles, newest, unreadable };
}
