import { z } from 'zod';

/** The eight opt-outs of a Campaign profile, by the names of Adobe's manual. */
export const OPTOUT_NAMES = [
  'denyList',
  'denyListEmail',
  'denyListFax',
  'denyListMobile',
  'denyListPhone',
  'denyListPostalMail',
  'denyListPushnotification',
  'ccpaOptOut',
] as const;

/** Those whose name in the API is another one. */
const API_NAMES = [
  'blackList',
  'blackListEmail',
  'blackListFax',
  'blackListMobile',
  'blackListPhone',
  'blackListPostalMail',
  'blackListPushnotification',
] as const;

type Manual = (typeof OPTOUT_NAMES)[number];
type Api = (typeof API_NAMES)[number];

const MANUAL_OF: Readonly<Record<Api, Manual>> = {
  blackList: 'denyList',
  blackListEmail: 'denyListEmail',
  blackListFax: 'denyListFax',
  blackListMobile: 'denyListMobile',
  blackListPhone: 'denyListPhone',
  blackListPostalMail: 'denyListPostalMail',
  blackListPushnotification: 'denyListPushnotification',
};

const isApi = (name: Manual | Api): name is Api => Object.hasOwn(MANUAL_OF, name);

/**
 * An opt-out under the manual's name. The API's, such as `blackListEmail`, is taken too and
 * becomes the manual's.
 */
export const OptoutName = z.codec(
  z.enum(
    [...OPTOUT_NAMES, ...API_NAMES],
    'must be one of Campaign’s eight opt-outs, such as denyListEmail',
  ),
  z.enum(OPTOUT_NAMES),
  { decode: (name) => (isApi(name) ? MANUAL_OF[name] : name), encode: (name) => name },
);
export type OptoutName = z.infer<typeof OptoutName>;
