import type { CampaignState } from '../campaign/campaign-state.ts';
import { series } from '../control/scatter.ts';
import type { MailDesk } from '../mail/mail-desk.ts';
import type { MailEvent, MailKind, Member } from '../mail/mail-event.ts';
import type { MailLog } from '../mail/mail-log.ts';
import { deliveryNumbered, TEST_ADDRESS, type Message, type Recipient } from '../mail/message.ts';
import { changeOptOut, OPT_OUTS, type OptOut } from '../mail/opt-outs.ts';

/** Messages that people may still open. */
const RECENT_MAX = 400;
const SENDS_PER_DELIVERY = 40;
/** How many sends go to somebody who only tests the delivery. */
const MEMBER_SHARE = 0.05;
const MEMBERS: Member[] = ['seed', 'proof', 'test'];

/** What happens next, by its share; the rest are sends. */
const LOTS: [number, MailKind | 'optIn'][] = [
  [0.26, 'open'],
  [0.12, 'click'],
  [0.04, 'bounce'],
  [0.04, 'softBounce'],
  [0.02, 'mirrorPage'],
  [0.05, 'unsubscribe'],
  [0.02, 'optIn'],
];

export type PeopleWithMail = {
  /** Lets that many things happen, now. Answers the events among them. */
  act: (steps: number) => MailEvent[];
  /** Things that happen a minute by themselves; 0 stops them. */
  setRate: (perMinute: number) => void;
  stop: () => void;
};

/** Lets profiles get, open and click mail, bounce, and opt out and in; the same again for a seed. */
export function peopleWithMail(
  state: CampaignState,
  desk: MailDesk,
  log: MailLog,
  seed: number,
): PeopleWithMail {
  const random = series(seed ^ 0x9eed);
  const recent: Message[] = [];
  /** Who opted out of what, and may come back. */
  const gone: [ordinal: number, attribute: OptOut][] = [];
  let sends = 0;
  let timer: NodeJS.Timeout | undefined;

  const someProfile = (): number | null => {
    const { store } = state.get('profile');
    for (let attempt = 0; attempt < 20 && store.count > 0; attempt++) {
      const ordinal = Math.floor(random() * store.end);
      if (store.read(ordinal) !== null) return ordinal;
    }
    return null;
  };
  const send = (): void => {
    const delivery = deliveryNumbered(1 + Math.floor(sends++ / SENDS_PER_DELIVERY));
    const isMember = random() < MEMBER_SHARE;
    const member = isMember ? (MEMBERS[Math.floor(random() * MEMBERS.length)] ?? 'seed') : 'none';
    const recipient = isMember ? TEST_ADDRESS : mailable(someProfile());
    if (recipient === null) return;
    recent.push(desk.send(recipient, delivery, member));
    if (recent.length > RECENT_MAX) recent.shift();
  };
  /** Who opted out gets no mail. */
  const mailable = (ordinal: number | null): Recipient | null => {
    if (ordinal === null) return null;
    const values = state.get('profile').store.read(ordinal);
    const isOut = values?.['blackList'] === true || values?.['blackListEmail'] === true;
    return isOut ? null : desk.recipientAt(ordinal);
  };
  /** Who got mail and still is a profile. */
  const addressee = (message: Message | undefined): number | null => {
    if (message === undefined || message.member !== 'none') return null;
    const ordinal = state.ordinalOfRecipient(message.recipient.recipientId);
    return state.get('profile').store.read(ordinal) === null ? null : ordinal;
  };
  /** Mostly by the link in a message, which Campaign tells as an event; else by some other way. */
  const optOut = (): void => {
    const message = recent[Math.floor(random() * recent.length)];
    const byLink = random() < 0.7 ? addressee(message) : null;
    const ordinal = byLink ?? someProfile();
    const attribute = anOptOut(random);
    if (ordinal === null || !changeOptOut(state, ordinal, [attribute, true])) return;
    gone.push([ordinal, attribute]);
    if (byLink === null || message === undefined) return;
    desk.happen('unsubscribe', message, { optOut: { attribute, value: true } });
  };
  const optIn = (): void => {
    const [left] = gone.splice(Math.floor(random() * gone.length), 1);
    if (left === undefined || state.get('profile').store.read(left[0]) === null) return;
    changeOptOut(state, left[0], [left[1], false]);
  };
  const step = (): void => {
    let lot = random();
    const next = LOTS.find(([share]) => (lot -= share) < 0)?.[1] ?? 'send';
    const message = recent[Math.floor(random() * recent.length)];
    if (next === 'unsubscribe') optOut();
    else if (next === 'optIn') optIn();
    else if (next === 'send' || message === undefined) send();
    else desk.happen(next, message);
  };
  const act = (steps: number): MailEvent[] => {
    const before = log.count;
    for (let done = 0; done < steps; done++) step();
    return log.events(before);
  };
  const stop = (): void => clearInterval(timer);
  return {
    act,
    stop,
    setRate: (perMinute) => {
      stop();
      if (perMinute <= 0) return;
      const everyMs = Math.max(60_000 / perMinute, 10);
      let owed = 0;
      timer = setInterval(() => {
        owed += (perMinute * everyMs) / 60_000;
        const due = Math.floor(owed);
        owed -= due;
        for (let done = 0; done < due; done++) step();
      }, everyMs);
    },
  };
}

/** Mostly e-mail; now and then any of the eight. */
function anOptOut(random: () => number): OptOut {
  if (random() < 0.6) return 'blackListEmail';
  return OPT_OUTS[Math.floor(random() * OPT_OUTS.length)] ?? 'blackListEmail';
}
