import type { CampaignState } from '../campaign/campaign-state.ts';
import { timestamp } from '../campaign/check-values.ts';
import type { Values } from '../campaign/record-store.ts';
import { withOptOutTimes } from '../campaign/writing.ts';

/** The eight names that Opt-In/Out may use, as the API spells them. */
export const OPT_OUTS = [
  'blackList',
  'blackListEmail',
  'blackListFax',
  'blackListMobile',
  'blackListPhone',
  'blackListPostalMail',
  'blackListPushnotification',
  'ccpaOptOut',
] as const;
export type OptOut = (typeof OPT_OUTS)[number];

/** `blackListEmail` under the name that the manual of the integration gives it. */
export function manualName(attribute: string): string {
  return attribute.replace(/^blackList/, 'denyList');
}

/**
 * Changes an opt-out attribute as a person does on a landing page: the attribute's own time moves
 * when the value does. `at` puts another time there. Answers whether the value changed.
 */
export function changeOptOut(
  state: CampaignState,
  ordinal: number,
  [attribute, value]: [OptOut, boolean],
  at?: string,
): boolean {
  const published = state.get('profile');
  const before: Values = published.store.read(ordinal) ?? {};
  if ((before[attribute] ?? false) === value) return false;
  const now = timestamp(state.now());
  const after: Values = { ...before, [attribute]: value, lastModified: now };
  const moment = at === undefined ? now : timestamp(new Date(at));
  state.replace(published, ordinal, withOptOutTimes(state, published, { before, after }, moment));
  return true;
}
