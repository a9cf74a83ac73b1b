import type { Absence } from '@landbridge/messaging';

/** Why a record that others refer to will not be in Campaign, as the end of a sentence. */
export const TELL_ABSENCE: Readonly<Record<Absence, string>> = {
  filteredOut: 'is left out by the filter of its table',
  deleted: 'was deleted',
  rejected: 'was refused, or is in Campaign by somebody else',
  missing: 'is not in Dynamics 365',
};
