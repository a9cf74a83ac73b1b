import {
  applicationError,
  CampaignRefusal,
  keyUnknown,
  oops,
  pkeyUnreadable,
} from './campaign-errors.ts';
import type { CampaignState, Published } from './campaign-state.ts';
import { isVisible } from './visibility.ts';

export type Addressed = { ordinal: number; byKey: { attribute: string; value: string } | null };

/**
 * The record that a URI's last part names: an `@PKey`, or the value of a one-field identification
 * key where the switches allow it.
 * Throws  CampaignRefusal: 404 for a key of nobody, 500 for an unreadable PKey.
 */
export function addressed(
  state: CampaignState,
  published: Published,
  key: string,
  method: string,
): Addressed {
  const { switches } = state;
  const { resource, store } = published;
  if (key.startsWith('@')) {
    const ordinal = state.ordinalOf(published, key);
    if (typeof ordinal === 'number' && isVisible(state, published, ordinal)) {
      return { ordinal, byKey: null };
    }
    if (typeof ordinal === 'number' || ordinal === null)
      throw keyUnknown(switches, resource.name, key);
    throw pkeyUnreadable(switches, key, switches.unknownPKey === '500' ? 500 : 404);
  }
  const single = state.keys(published).filter((attributes) => attributes.length === 1);
  const refused =
    single.length === 0 ||
    switches.uriKey === 'pkeyError' ||
    (switches.uriKey === 'profileOnly' && resource.name !== 'profile') ||
    (method === 'DELETE' && !switches.uriKeyDelete);
  if (switches.uriKey === 'gateway500') throw new CampaignRefusal(oops(500));
  if (refused) throw pkeyUnreadable(switches, key, 500);
  for (const attributes of single) {
    const [ordinal] = store.find(attributes, [key]);
    if (ordinal !== undefined && isVisible(state, published, ordinal)) {
      return { ordinal, byKey: { attribute: attributes[0] ?? '', value: key } };
    }
  }
  throw keyUnknown(switches, resource.name, key);
}

/** The record that a `PKey` in a body names. Throws  CampaignRefusal when it is not `ordinal`. */
export function checkBodyPKey(
  state: CampaignState,
  published: Published,
  pkey: string | null,
  ordinal: number | null,
): void {
  if (pkey === null) return;
  const named = state.ordinalOf(published, pkey);
  if (named === undefined) throw pkeyUnreadable(state.switches, pkey, 500);
  if (named !== ordinal) {
    const own = ordinal === null ? '' : state.pkey(published, ordinal);
    throw applicationError(
      state.switches,
      500,
      `RST-360012 Inconsistent operation on the document: cannot update key '${own}' to '${pkey}'.`,
    );
  }
}
