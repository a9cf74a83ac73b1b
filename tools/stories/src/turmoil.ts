import type { Lots } from './lots.ts';
import type { StoryInstance } from './story-instance.ts';

const CITIES = ['Lyon', 'Kyoto', '臺北', 'Αθήνα', 'Łódź'];
const KINDS = ['send', 'send', 'open', 'click', 'bounce', 'softBounce'] as const;

/** What people do on both sides, and what must come of it. */
export interface Turmoil {
  /** Lets so many things happen, by lot. */
  act: (count: number) => void;
  /** Who must be opted out on both sides at the end; everybody else must not be. */
  optedOut: () => string[];
}

/**
 * Contacts arrive, move and leave; profiles get and answer mail; people opt out on either side, on
 * both at once, and before they have a profile. Of those who stay, `returning` opt out and in
 * again, on Campaign's side alone, whose last word then holds.
 */
export function turmoilOf({ dynamics, campaign }: StoryInstance, lots: Lots): Turmoil {
  const ids = dynamics.contactIds();
  const out = new Set(ids.filter((id) => dynamics.contact(id)?.['donotbulkemail'] === true));
  // Of those who leave nothing is told afterwards, so that each event has its contact.
  const leaving = ids.splice(0, 6);
  const returning = ids.filter((id) => !out.has(id)).slice(0, 8);
  const staying = ids.filter((id) => !returning.includes(id));
  for (const id of leaving) out.delete(id);
  const acts = {
    arrives: () => {
      const isOut = lots.number(0, 3) === 0;
      const id = dynamics.createContact(isOut ? { donotbulkemail: true } : {});
      if (isOut) out.add(id);
      staying.push(id);
    },
    moves: () => dynamics.changeContact(lots.of(staying), { address1_city: lots.of(CITIES) }),
    leaves: () => {
      const id = leaving.pop();
      if (id !== undefined) dynamics.deleteContact(id);
    },
    hasMail: () => {
      const externalId = lots.of(staying);
      campaign.recordEvents(
        Array.from({ length: lots.number(1, 6) }, () => ({ kind: lots.of(KINDS), externalId })),
      );
    },
    testsMail: () => campaign.recordEvents([{ kind: 'send', member: lots.of(['seed', 'proof']) }]),
    optsOut: () => {
      const id = lots.of(staying);
      const side = lots.of(['dynamics', 'campaign', 'both']);
      const hasProfile = campaign.profile(id) !== null;
      if (side !== 'campaign' || !hasProfile) dynamics.changeContact(id, { donotbulkemail: true });
      if (side !== 'dynamics' && hasProfile) campaign.changeOptOut(id, 'blackListEmail', true);
      out.add(id);
    },
    returns: () => {
      const id = lots.of(returning);
      if (campaign.profile(id) === null) return;
      campaign.changeOptOut(id, 'blackListEmail', !out.has(id));
      if (!out.delete(id)) out.add(id);
    },
  };
  const { arrives, moves, leaves, hasMail, testsMail, optsOut, returns } = acts;
  const odds = [
    ...[arrives, moves, moves, leaves, testsMail],
    ...[hasMail, hasMail, hasMail, optsOut, optsOut, returns],
  ];
  return {
    act: (count) => {
      for (let done = 0; done < count; done += 1) lots.of(odds)();
    },
    optedOut: () => [...out].toSorted(),
  };
}
