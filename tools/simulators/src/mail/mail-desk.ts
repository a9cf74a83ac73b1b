import type { CampaignState } from '../campaign/campaign-state.ts';
import type { Values } from '../campaign/record-store.ts';
import { series } from '../control/scatter.ts';
import {
  Mailing,
  type MailEvent,
  type MailEventInput,
  type MailingInput,
  type MailKind,
  type Member,
} from './mail-event.ts';
import type { MailLog } from './mail-log.ts';
import {
  broadLogIdFor,
  deliveryNamed,
  deliveryNumbered,
  happened,
  TEST_ADDRESS,
  type Message,
  type Recipient,
} from './message.ts';

const MEMBERS: Member[] = ['seed', 'proof', 'test'];

/** Where messages are sent from and what becomes of them is written down. */
export class MailDesk {
  readonly #state: CampaignState;
  readonly #log: MailLog;
  readonly #seed: number;
  readonly #random: () => number;

  constructor(state: CampaignState, log: MailLog, seed: number) {
    this.#state = state;
    this.#log = log;
    this.#seed = seed;
    this.#random = series(seed ^ 0x4d41);
  }

  /** Sends a message; answers it, for what happens to it later. */
  send(recipient: Recipient, delivery: Message['delivery'], member: Member): Message {
    const broadLogId = broadLogIdFor(this.#log.count + 1);
    const message: Message = { broadLogId, recipient, delivery, member };
    this.happen('send', message);
    return message;
  }

  /** Writes down what happened to `message`, at this very moment unless `more` says otherwise. */
  happen(kind: MailKind, message: Message, more: Partial<MailEvent> = {}): MailEvent {
    const now = this.#state.now();
    const event = happened({
      ...{ kind, message, seed: this.#seed },
      n: this.#log.count + 1,
      at: now.toISOString(),
    });
    return this.#log.add({ ...event, ...more }, this.#state.switches, now.getTime());
  }

  recipientAt(ordinal: number): Recipient | null {
    const values = this.#state.get('profile').store.read(ordinal);
    return values === null ? null : recipientOf(values, this.#state.recipientId(ordinal));
  }

  /** Writes down exactly these events, whether or not there is such a profile. */
  record(inputs: MailEventInput[]): MailEvent[] {
    return inputs.map((input) => {
      const member = input.member ?? 'none';
      const name = input.deliveryName;
      const delivery =
        name === undefined && input.campaignName === undefined
          ? deliveryNumbered(1)
          : deliveryNamed(name ?? 'DM1', input.campaignName ?? 'CAMP2000');
      const message: Message = {
        broadLogId: input.broadLogId ?? broadLogIdFor(this.#log.count + 1),
        recipient: member === 'none' ? this.#recipientNamed(input.externalId ?? '') : TEST_ADDRESS,
        delivery,
        member,
      };
      return this.happen(input.kind, message, chosen(input));
    });
  }

  /** Sends one delivery to many and lets the shares of them open, click and bounce. */
  mail(input: MailingInput): { sent: number; events: number } {
    const before = this.#log.count;
    const mailing = Mailing.parse(input);
    const name = mailing.deliveryName ?? `DM${before + 1}`;
    const delivery = deliveryNamed(name, mailing.campaignName ?? 'CAMP2000');
    const messages = [...this.#addressees(mailing.to)].map((recipient) =>
      this.send(recipient, delivery, 'none'),
    );
    for (let index = 0; index < mailing.members; index++) {
      this.send(TEST_ADDRESS, delivery, MEMBERS[index % MEMBERS.length] ?? 'seed');
    }
    for (const message of messages) {
      const lot = this.#random();
      if (lot < mailing.bounces) this.happen('bounce', message);
      else if (lot < mailing.bounces + mailing.softBounces) this.happen('softBounce', message);
      else {
        const opens = this.#random() < mailing.opens;
        if (opens) this.happen('open', message);
        if (this.#random() < mailing.clicks) this.happen('click', message);
      }
    }
    return { sent: messages.length, events: this.#log.count - before };
  }

  *#addressees(to: string[] | undefined): Generator<Recipient> {
    if (to !== undefined) {
      for (const externalId of to) yield this.#recipientNamed(externalId);
      return;
    }
    for (const ordinal of this.#state.get('profile').store.ordinals()) {
      const recipient = this.recipientAt(ordinal);
      if (recipient !== null) yield recipient;
    }
  }

  #recipientNamed(externalId: string): Recipient {
    const [ordinal] = this.#state.get('profile').store.find(['externalId'], [externalId]);
    const found = ordinal === undefined ? null : this.recipientAt(ordinal);
    return found ?? { externalId, recipientId: 900_000_000 + this.#log.count, email: '' };
  }
}

function recipientOf(values: Values, recipientId: number): Recipient {
  return {
    externalId: String(values['externalId'] ?? ''),
    recipientId,
    email: String(values['email'] ?? ''),
  };
}

function chosen(input: MailEventInput): Partial<MailEvent> {
  const { id, at, url, reason, mirrorPage } = input;
  return {
    ...(id === undefined ? {} : { id }),
    ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
    ...(url === undefined ? {} : { link: { id: '99000', url, label: 'link' } }),
    ...(reason === undefined ? {} : { reason }),
    ...(mirrorPage === undefined ? {} : { mirrorPage }),
  };
}
