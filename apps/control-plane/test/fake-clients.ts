import type { CampaignResourceMetadata, DynamicsTableMetadata } from '@landbridge/contracts';
import { ACCESSES, type DynamicsRow } from '@landbridge/dynamics';
import { CampaignRequestError } from '@landbridge/campaign';
import { campaignField as field, dynamicsColumn as column } from '@landbridge/testing/metadata';
import type {
  CampaignReader,
  Clients,
  DynamicsReader,
  JournalReader,
  SftpReader,
} from '../src/metadata/clients.ts';

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
    column('firstname', 'string', { lengthMax: 50 }),
    column('lastname', 'string', { lengthMax: 50 }),
    column('jobtitle'),
    column('birthdate', 'dateOnly'),
  ],
};

export const PROFILE: CampaignResourceMetadata = {
  resource: 'profile',
  label: 'Profiles',
  endpoint: 'profileAndServicesExt',
  fields: [
    field('externalId'),
    field('firstName', 'string', { lengthMax: 30 }),
    field('lastName', 'string', { lengthMax: 50 }),
    field('birthDate', 'date'),
    field('age', 'integer', { readOnly: true }),
  ],
  filters: [],
};

const once = async <Value>(value: Value) => ({ value, calls: 1 });

const absent = () =>
  new CampaignRequestError(
    { method: 'PATCH', path: 'profile/{key}' },
    {
      ...{ status: 404, code: 'RST-360011', kind: 'notFound', field: null, retryAfterMs: null },
      ...{ requestId: null, vendorText: '' },
    },
  );

/** Clients that know one table and one resource; every operation can be replaced. */
export interface FakeClients {
  clients: Clients;
  dynamics: DynamicsReader;
  campaign: CampaignReader;
  journal: JournalReader;
  sftp: SftpReader;
  /** How often each system's metadata was asked for. */
  asked: { tables: number; table: number };
  /** The contacts that there are, newest first; none at the beginning. */
  rows: DynamicsRow[];
  /** What Campaign has, by externalId. */
  profiles: Map<string, Record<string, unknown>>;
}

export function fakeClients(): FakeClients {
  const asked = { tables: 0, table: 0 };
  const rows: DynamicsRow[] = [];
  const profiles = new Map<string, Record<string, unknown>>();
  const dynamics: DynamicsReader = {
    whoAmI: () => once({ userId: 'user-1', organizationId: 'org-1', businessUnitId: 'unit-1' }),
    tables: () => {
      asked.tables += 1;
      return once([CONTACT]);
    },
    table: () => {
      asked.table += 1;
      return once(CONTACT);
    },
    readPage: () => once({ rows: [], deletedIds: [], nextLink: null, deltaLink: 'delta' }),
    row: ({ id }) => once(rows.find((row) => row.id === id) ?? null),
    rowsByIds: ({ ids }) => once(rows.filter(({ id }) => ids.includes(id))),
    lastModified: ({ count }) => once(rows.slice(0, count)),
    totalCount: () => once(rows.length),
    countTo5000: () => once(rows.length),
    changeTrackingExpiryDays: () => once(7),
    bindNames: () => once([]),
    offersCreateMultiple: () => once(true),
    rightsOn: () =>
      once(
        new Map(
          ACCESSES.map((access) => [access, { privilege: `prv_${access}`, reach: 'all' as const }]),
        ),
      ),
    close: async () => undefined,
  };
  const campaign: CampaignReader = {
    ping: () => once(undefined),
    resources: () => once([PROFILE]),
    resource: () => once(PROFILE),
    probeAddressing: () => once('uriKey' as const),
    getByKey: (_resource, key) => {
      const fields = profiles.get(key);
      return once(fields === undefined ? null : { href: null, pkey: null, fields });
    },
    findByFilter: () => once([]),
    patchByKey: () => Promise.reject(absent()),
    count: () => once(profiles.size),
    close: async () => undefined,
  };
  const journal: JournalReader = {
    readJournal: async () => ({ events: [], next: 'next', retryAfterMs: null, calls: 1 }),
    close: async () => undefined,
  };
  const sftp: SftpReader = {
    list: async () => [],
    makeFolder: async () => undefined,
    close: async () => undefined,
  };
  return {
    clients: {
      dynamics: () => dynamics,
      campaign: () => campaign,
      journal: () => journal,
      sftp: () => sftp,
    },
    dynamics,
    campaign,
    journal,
    sftp,
    asked,
    rows,
    profiles,
  };
}
