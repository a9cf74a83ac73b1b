import { z } from 'zod';
import type { CampaignState } from '../campaign/campaign-state.ts';
import type { PeopleWithMail } from '../people/people-with-mail.ts';
import {
  LedgerQuery,
  MailEventInput,
  Mailing,
  type LedgerCounts,
  type LedgerQueryInput,
  type MailEvent,
  type MailingInput,
} from './mail-event.ts';
import type { MailDesk } from './mail-desk.ts';
import type { MailLog } from './mail-log.ts';
import { changeOptOut, OPT_OUTS, type OptOut } from './opt-outs.ts';

/** What people do with their mail, and what of it the journal still has. */
export type MailControl = {
  /** Lets people do that many things now: get mail, open, click, bounce, opt out and in. */
  act(steps: number): MailEvent[];
  /** Things that people do a minute by themselves; 0 stops them. */
  setActsPerMinute(perMinute: number): void;
  /** Sends one delivery to many at once, with the shares of opens, clicks and bounces given. */
  sendMailing(mailing?: MailingInput): { sent: number; events: number };
  /** Writes down exactly these events, whether or not there is such a profile. */
  recordEvents(events: MailEventInput[]): MailEvent[];
  /**
   * Opts the profile with that externalId out of (or into) one of the eight, as it does itself:
   * moves the attribute's own time to now or to `at`, and sends no event. Answers whether the value
   * changed.
   */
  changeOptOut(externalId: string, attribute: OptOut, value: boolean, at?: string): boolean;

  /** Everything that happened, in order: what the systems on both sides are compared with. */
  ledger(query?: LedgerQueryInput): MailEvent[];
  ledgerCounts(): LedgerCounts;
  /** How many positions the journal has given, repetitions included. */
  journalCount(): number;
  /** Positions written before that time (without one: all so far) are 410 from now on. */
  expireJournal(before?: string): void;
};

export type MailParts = {
  state: CampaignState;
  log: MailLog;
  desk: MailDesk;
  people: PeopleWithMail;
};

export function mailSteering({ state, log, desk, people }: MailParts): MailControl {
  return {
    act: people.act,
    setActsPerMinute: people.setRate,
    sendMailing: (mailing = {}) => desk.mail(mailing),
    recordEvents: (events) => desk.record(events),
    changeOptOut: (externalId, attribute, value, at) => {
      const [ordinal] = state.get('profile').store.find(['externalId'], [externalId]);
      if (ordinal === undefined)
        throw new Error(`There is no profile with externalId ${externalId}`);
      return changeOptOut(state, ordinal, [attribute, value], at);
    },
    ledger: (query) => log.ledger(query),
    ledgerCounts: () => log.counts(),
    journalCount: () => log.journal.count,
    expireJournal: (before) =>
      log.expireBefore(before === undefined ? Infinity : new Date(before).getTime()),
  };
}

/** What each method takes when it is called over HTTP. */
export const MAIL_PARAMETERS: Record<keyof MailControl, z.ZodType<unknown[]>> = {
  act: z.tuple([z.int().min(0).max(1_000_000)]),
  setActsPerMinute: z.tuple([z.number().min(0).max(6_000_000)]),
  sendMailing: z.tuple([Mailing.optional()]),
  recordEvents: z.tuple([z.array(MailEventInput)]),
  changeOptOut: z.tuple([
    z.string().min(1),
    z.enum(OPT_OUTS),
    z.boolean(),
    z.iso.datetime().optional(),
  ]),
  ledger: z.tuple([LedgerQuery.optional()]),
  ledgerCounts: z.tuple([]),
  journalCount: z.tuple([]),
  expireJournal: z.tuple([z.iso.datetime().optional()]),
};
