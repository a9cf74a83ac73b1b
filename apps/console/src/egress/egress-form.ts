import type { EgressConfiguration } from '../api/types.ts';
import type { Fault } from '../editing/faults.ts';
import { EVENTS } from '../editing/field-words.ts';
import { namesOf } from '../editing/names-of.ts';
import type { FormRules } from '../editing/use-configuration-edit.ts';

export const EVENT_KINDS = namesOf(EVENTS);

/** What the columns of a log file may hold: the names that the API knows headings by. */
export const LOG_HEADINGS = [
  'id',
  'externalId',
  'recipientId',
  'at',
  'campaignName',
  'deliveryName',
  'deliveryType',
  'status',
  'failureType',
  'reason',
  'url',
  'urlId',
  'urlLabel',
  'mirrorPageUrl',
  'seedMember',
  'proofMember',
  'testMember',
] as const;

const PLACES =
  /^\/(source|contactWaitMinutes|recipientFilter|journal\/(readEvery|eventsPer)|files\/|activities\/)/;

/** The configuration of egress as a form. */
export const egressForm: FormRules<EgressConfiguration, EgressConfiguration> = {
  workflow: 'egress',
  draftOf: (configuration) => configuration,
  configurationOf: (draft) => draft,
  placeOf(pointer, { source }) {
    if (pointer === '/recipientFilter') return '/recipientFilter/filter';
    if (pointer.startsWith('/files/') && source !== 'files') return null;
    if (pointer.startsWith('/journal/') && source !== 'journal') return null;
    return PLACES.test(pointer) ? pointer : null;
  },
  faultsWithin({ source, files, recipientFilter }) {
    const needed: [string, string][] = [];
    if (source === 'files') {
      needed.push(
        ['/files/deliveryLogs', files.deliveryLogs],
        ['/files/trackingLogs', files.trackingLogs],
      );
      if (files.afterwards === 'archive') {
        needed.push(['/files/archiveFolder', files.archiveFolder]);
      }
    }
    if (recipientFilter !== null) {
      needed.push(
        ['/recipientFilter/filter', recipientFilter.filter],
        ['/recipientFilter/parameter', recipientFilter.parameter],
      );
    }
    return needed.flatMap(([pointer, value]): Fault[] =>
      value === '' ? [{ pointer, say: 'edit.required' }] : [],
    );
  },
};
