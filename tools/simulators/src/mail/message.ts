import { scatter } from '../control/scatter.ts';
import { rowId } from '../dataverse/row-id.ts';
import type { Delivery, Link, MailEvent, MailKind, Member } from './mail-event.ts';

export type Recipient = { externalId: string; recipientId: number; email: string };

/** One message to one recipient, which later opens, clicks and bounces refer to. */
export type Message = {
  broadLogId: number;
  recipient: Recipient;
  delivery: Delivery;
  member: Member;
};

/** The address that a seed, a proof or a test goes to; no profile has it. */
export const TEST_ADDRESS: Recipient = {
  externalId: '',
  recipientId: 0,
  email: 'proofs@example.com',
};

const FIRST_BROAD_LOG = 1_000_000;
const FIRST_TRACKING_LOG = 5_000_000;

/** Every third delivery begins a new campaign. */
export function deliveryNumbered(number: number): Delivery {
  const campaign = Math.floor(number / 3);
  return {
    id: 1_000 + number,
    name: `DM${number}`,
    label: `News ${number}`,
    campaignId: 100 + campaign,
    campaignName: `CAMP${2_000 + campaign}`,
  };
}

/** A delivery with names of somebody's own; the same names have the same ids. */
export function deliveryNamed(name: string, campaignName: string): Delivery {
  const hash = (text: string): number =>
    scatter(
      Array.from(text).reduce((h, c) => Math.imul(h, 31) + c.charCodeAt(0), 7),
      1,
    ) % 900_000;
  return {
    id: 100_000 + hash(name),
    name,
    label: name,
    campaignId: 100_000 + hash(campaignName),
    campaignName,
  };
}

export function broadLogIdFor(n: number): number {
  return FIRST_BROAD_LOG + n;
}

const LINKS: Link[] = ['offers', 'news', 'account', 'stores'].map((page, index) => ({
  id: String(98_000 + index),
  url: `https://www.example.com/${page}?utm_source=campaign&n=${index}`,
  label: page,
}));

export function linkNumbered(number: number): Link {
  return LINKS[number % LINKS.length] ?? { id: '98000', url: '', label: '' };
}

const TRACKED: MailKind[] = ['open', 'click', 'mirrorPage', 'unsubscribe'];
const REASONS: Partial<Record<MailKind, string>> = {
  bounce: 'unknown_user',
  softBounce: 'mailbox_full',
};

export type Happening = {
  kind: MailKind;
  /** The event's number in the ledger, from which its ids are made. */
  n: number;
  at: string;
  message: Message;
  seed: number;
};

/** Something that happens to `message`, with everything that Campaign knows of it. */
export function happened({ kind, n, at, message, seed }: Happening): Omit<MailEvent, 'n'> {
  const { broadLogId, recipient, delivery, member } = message;
  return {
    id: rowId(seed ^ 0x5eed, n),
    kind,
    at,
    ...recipient,
    member,
    broadLogId,
    trackingLogId: TRACKED.includes(kind) ? FIRST_TRACKING_LOG + n : null,
    delivery,
    link: kind === 'click' ? linkNumbered(scatter(seed, n, 81)) : null,
    reason: REASONS[kind] ?? '',
    mirrorPage: `https://demo.campaign.adobe.com/nl/jsp/m.jsp?c=${broadLogId.toString(36)}`,
    optOut: null,
  };
}
