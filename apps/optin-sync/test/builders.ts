import type {
  CampaignResourceMetadata,
  DynamicsTableMetadata,
  OptoutName,
} from '@landbridge/contracts';
import {
  DEFAULT_INSTANCE_SETTINGS,
  InstanceId,
  OptinConfiguration,
  type OptinRun,
  Revision,
  RunId,
} from '@landbridge/contracts';
import type { WrittenEntry } from '@landbridge/messaging';
import { campaignField, dynamicsColumn as column } from '@landbridge/testing/metadata';
import type { z } from 'zod';
import type { OptinSchema } from '../src/schema/optin-schema.ts';

export const INSTANCE = InstanceId.parse('story');
export const idOf = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const configuration = (over: z.input<typeof OptinConfiguration> = {}): OptinConfiguration =>
  OptinConfiguration.parse({
    direction: 'bidirectional',
    source: 'poll',
    mappings: [
      { dynamics: 'donotbulkemail', campaign: 'denyListEmail' },
      { dynamics: 'donotphone', campaign: 'denyListPhone' },
    ],
    ...over,
  });

export const RUN: OptinRun = {
  state: 'running',
  workflow: 'optin',
  instance: INSTANCE,
  runId: RunId.parse('3f0e3c1e-1d7a-4a43-8a5e-0c4a3f6f1a11'),
  revision: Revision.parse(1),
  configuration: configuration(),
  settings: DEFAULT_INSTANCE_SETTINGS,
  replays: [],
  sealedConnections: '',
  position: '1',
  traceparent: null,
};

export const CONTACT: DynamicsTableMetadata = {
  table: 'contact',
  label: 'Contact',
  entitySet: 'contacts',
  primaryId: 'contactid',
  primaryName: 'fullname',
  changeTracking: true,
  custom: false,
  columns: [
    column('contactid', 'uniqueidentifier'),
    column('firstname', 'string'),
    column('donotbulkemail', 'boolean'),
    column('donotphone', 'boolean'),
    column('modifiedon', 'dateTime'),
  ],
};

export const PROFILE: CampaignResourceMetadata = {
  resource: 'profile',
  label: 'Profiles',
  endpoint: 'profileAndServicesExt',
  fields: [
    campaignField('externalId'),
    campaignField('blackListEmail', 'boolean'),
    campaignField('blackListEmailLastModified', 'datetime'),
    campaignField('blackListPhone', 'boolean'),
    campaignField('blackListPhoneLastModified', 'datetime'),
  ],
  filters: [{ name: 'byLastModified', parameters: ['lastModified_parameter'] }],
};

/** By opt-out, the column that it is paired with. */
export const COLUMNS: ReadonlyMap<OptoutName, string> = new Map([
  ['denyListEmail', 'donotbulkemail'],
  ['denyListPhone', 'donotphone'],
]);

export const SCHEMA: OptinSchema = {
  table: CONTACT,
  resource: PROFILE,
  keyField: 'externalId',
  optouts: [
    {
      name: 'denyListEmail',
      column: 'donotbulkemail',
      field: 'blackListEmail',
      changedAts: ['blackListEmailLastModified'],
    },
    {
      name: 'denyListPhone',
      column: 'donotphone',
      field: 'blackListPhone',
      changedAts: ['blackListPhoneLastModified'],
    },
  ],
};

/** The written memory without NATS. */
export class FakeMemory {
  readonly entries = new Map<string, WrittenEntry>();
  async get(key: string): Promise<WrittenEntry | null> {
    return this.entries.get(key) ?? null;
  }
  async put(key: string, entry: WrittenEntry): Promise<void> {
    this.entries.set(key, entry);
  }
}
