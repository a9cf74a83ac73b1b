import type { FilterVerdictView, RecordVerdict } from '@landbridge/contracts';
import { TELL_ABSENCE } from './tell-absence.ts';

/** What a sentence about a record needs beside its verdict. */
export interface Telling {
  /** What people call a row of the table, such as `contact`. */
  noun: string;
  filter: FilterVerdictView | null;
  /** What was written of it is not shown by Campaign. */
  campaignHides: boolean;
  /** The end of the sentence where the queue was not looked through to its end. */
  queueSearchedAll: boolean;
  queueLookedAtCount: number;
}

const NOT_READ = {
  neverStarted: 'it has not been read: the workflow was never started with its table',
  firstLoad: 'the first load of its table has not come to it yet',
  notWritten: 'it was not written yet, and the workflow is not running',
  notRunning: 'it changed since it was last written, and the workflow is not running',
  changeNotRead: 'its last change has not been read from Dynamics 365 yet',
} as const;

/** The verdict as one sentence that needs no knowledge of how Landbridge works. */
export function tellVerdict(verdict: RecordVerdict, telling: Telling): string {
  const { noun } = telling;
  switch (verdict.kind) {
    case 'notMapped':
      return `Records of this table are not sent to Campaign: no mapping names it.`;
    case 'notInDynamics':
      if (telling.campaignHides) {
        return `There is no such ${noun} in Dynamics 365 any more; Campaign hides what was written of it, and it is deleted when Campaign shows it again.`;
      }
      return verdict.stillInCampaign
        ? `There is no such ${noun} in Dynamics 365 any more; Campaign still has what was written of it.`
        : `There is no such ${noun} in Dynamics 365.`;
    case 'waitingForChildren':
      return tellLeaving(verdict, telling);
    case 'filteredOut':
      return tellLeftOut(verdict, telling);
    case 'queued':
      return verdict.beingWritten
        ? `The ${noun} is being written to Campaign; it has waited since ${verdict.since}.`
        : `The ${noun} waits in the queue since ${verdict.since}.`;
    case 'waitingForParent':
      return telling.campaignHides
        ? `Campaign hides the ${noun}, which was written: a link of cardinality 1 shows it only while the ${verdict.table} ${verdict.key} is there and the link leads to it. It is tried again every minute.`
        : `The ${noun} waits for the ${verdict.table} ${verdict.key}, which is not in Campaign yet.`;
    case 'awaitingApproval':
      return `Deleting the ${noun} waits for a person’s approval since ${verdict.since}.`;
    case 'dead':
      return `The ${noun} was refused and needs a person: ${verdict.reason.message}.`;
    case 'discarded':
      return tellDiscarded(verdict, telling);
    case 'unmappable':
      return `The ${noun} cannot be written as it is: ${verdict.reason.message}.`;
    case 'notReadYet':
      return `The ${noun} is not in Campaign as it is now: ${NOT_READ[verdict.because]}${tellMore(telling)}.`;
    case 'notOurs':
      return (
        `Campaign has a ${noun} with this key that Landbridge did not write, so it is left alone: ` +
        'to take it over, switch on “take over existing records” (adoptExisting) in the mapping of ' +
        'the table, then stop, start and replay it.'
      );
    case 'inStep':
      return verdict.writtenAt === null
        ? `The ${noun} is in Campaign as it is in Dynamics 365.`
        : `The ${noun} is in Campaign as it is in Dynamics 365; it was last written at ${verdict.writtenAt}.`;
    case 'different':
      return tellDifferent(verdict, telling);
  }
}

function tellLeftOut(
  { stillInCampaign }: Extract<RecordVerdict, { kind: 'filteredOut' }>,
  { noun, filter }: Telling,
): string {
  const kept = stillInCampaign ? ' What was written of it before is still in Campaign.' : '';
  return `The ${noun} is left out because ${becauseOf(filter)}.${kept}`;
}

function tellLeaving(
  { because, table, key, count }: Extract<RecordVerdict, { kind: 'waitingForChildren' }>,
  { noun, filter }: Telling,
): string {
  const why =
    because === 'deleted'
      ? `There is no such ${noun} in Dynamics 365 any more`
      : `The ${noun} is left out because ${becauseOf(filter)}`;
  const others = count === 1 ? '' : `, one of ${count}`;
  return (
    `${why}; it waits for its children and is deleted in Campaign when nothing refers to it any ` +
    `more: the ${table} ${key} still does${others}.`
  );
}

function tellDiscarded(
  { at, by, missing, parent }: Extract<RecordVerdict, { kind: 'discarded' }>,
  { noun }: Telling,
): string {
  const state = missing ? 'is not in Campaign' : 'is not in Campaign as it is now';
  const told = `The ${noun} ${state}: it was refused, and ${by} discarded its dead letter at ${at}.`;
  if (parent === null) return `${told} It goes when it changes or is replayed.`;
  const which = parent.because === null ? 'was not there' : TELL_ABSENCE[parent.because];
  return `${told} It refers to the ${parent.table} ${parent.key}, which ${which}; it goes when that lands.`;
}

const becauseOf = (filter: FilterVerdictView | null): string =>
  filter?.deciding.map(({ sentence }) => sentence).join(', and ') ?? '';

function tellDifferent(
  { missing, fields, writtenAt }: Extract<RecordVerdict, { kind: 'different' }>,
  telling: Telling,
): string {
  const { noun } = telling;
  const more = tellMore(telling);
  if (missing) {
    return writtenAt === null
      ? `Campaign does not have the ${noun}, and Landbridge has not written it${more}.`
      : `Campaign does not have the ${noun} any more: Landbridge wrote it at ${writtenAt}${more}.`;
  }
  return `Campaign holds another value than Dynamics 365 in ${fields.join(', ')} of the ${noun}${more}.`;
}

const tellMore = ({ queueSearchedAll, queueLookedAtCount }: Telling): string =>
  queueSearchedAll
    ? ''
    : ` (it may be queued: more than ${queueLookedAtCount} records wait, and only those were looked at)`;
