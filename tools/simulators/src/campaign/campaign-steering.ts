import { z } from 'zod';
import { SHARED_PARAMETERS, sharedControl, type Parts } from '../control/shared-control.ts';
import type { CampaignFiles } from '../files/campaign-files.ts';
import { FILES_PARAMETERS, filesSteering } from '../files/files-control.ts';
import type { SftpServer } from '../files/sftp-server.ts';
import { MAIL_PARAMETERS, mailSteering, type MailParts } from '../mail/mail-control.ts';
import type { People } from '../people/person.ts';
import {
  Attribute,
  AttributeType,
  CustomFilter,
  Join,
  Resource,
  type CustomFilterInput,
} from './attribute.schema.ts';
import type { CampaignControl, CampaignRecord } from './campaign-control.ts';
import { CampaignSwitches } from './campaign-switches.schema.ts';
import type { CampaignState, Published } from './campaign-state.ts';
import { timestamp } from './check-values.ts';
import { recordOf } from './reading.ts';
import type { Values } from './record-store.ts';
import { withOptOutTimes } from './writing.ts';

type Account = { clientSecret: string; productProfile: boolean };

export type CampaignParts = Parts & {
  state: CampaignState;
  account: Account;
  people: () => People;
  mail: MailParts;
  files: CampaignFiles;
  sftp: SftpServer;
  base: (published: Published) => string;
};

/** The control of a Campaign stand-in. Throws  Error for a resource or record that is not there. */
export function campaignSteering(parts: CampaignParts): CampaignControl {
  return {
    ...sharedControl(parts),
    ...recordsOf(parts),
    ...structureOf(parts),
    ...mailSteering(parts.mail),
    ...filesSteering(parts.files, parts.sftp),
  };
}

function recordsOf({ state, people, base }: CampaignParts) {
  const shape = (published: Published, ordinal: number): CampaignRecord =>
    recordOf(state, published, ordinal, base(published));
  const all = (resource: string): CampaignRecord[] => {
    const published = state.get(resource);
    return [...published.store.ordinals()].map((ordinal) => shape(published, ordinal));
  };
  const one = (resource: string, attribute: string, key: string): CampaignRecord | null => {
    const published = state.get(resource);
    const [ordinal] = published.store.find([attribute], [key]);
    return ordinal === undefined ? null : shape(published, ordinal);
  };
  const profileAt = (key: string): number => {
    const [ordinal] = state.get('profile').store.find(['externalId'], [key]);
    if (ordinal === undefined) throw new Error(`There is no profile with externalId ${key}`);
    return ordinal;
  };
  const create = (resource: string, values: CampaignRecord): string => {
    const now = timestamp(state.now());
    return state.insert(state.get(resource), { created: now, lastModified: now, ...flat(values) });
  };
  return {
    profiles: () => all('profile'),
    profileCount: () => state.get('profile').store.count,
    profile: (key: string, attribute = 'externalId') => one('profile', attribute, key),
    duplicates: (attribute = 'externalId') => state.get('profile').store.duplicates([attribute]),
    createProfile: (values: CampaignRecord) => create('profile', values),
    changeProfile: (key: string, values: CampaignRecord) => {
      const published = state.get('profile');
      const ordinal = profileAt(key);
      const before = published.store.read(ordinal) ?? {};
      const now = timestamp(state.now());
      const after: Values = { ...before, ...flat(values), lastModified: now };
      const moved = withOptOutTimes(state, published, { before, after }, now);
      state.replace(published, ordinal, { ...moved, ...flat(values) });
    },
    deleteProfile: (key: string) => state.remove(state.get('profile'), profileAt(key)),
    seedProfiles: (count: number) => {
      const from = state.get('profile').store.end;
      for (let index = from; index < from + count; index++) {
        create('profile', {
          firstName: people().firstName(index),
          lastName: people().lastName(index),
          email: people().email(index),
        });
      }
    },
    records: all,
    recordCount: (resource: string) => state.get(resource).store.count,
    record: one,
    createRecord: create,
    deleteAllRecords: (resource: string) => {
      const published = state.get(resource);
      for (const ordinal of [...published.store.ordinals()]) state.remove(published, ordinal);
    },
  };
}

function structureOf({ state, account }: CampaignParts) {
  const reshape = (
    resource: string,
    change: (attributes: Attribute[]) => Attribute[],
    rewrite?: (values: Values) => Values,
  ): void => {
    const published = state.get(resource);
    const attributes = change(published.resource.attributes);
    state.republish({ ...published.resource, attributes }, rewrite);
  };
  const amend = (resource: string, name: string, more: Partial<Attribute>): void => {
    const known = state.get(resource).resource.attributes.some((one) => one.name === name);
    if (!known) throw new Error(`${resource} has no attribute ${name}`);
    reshape(resource, (attributes) =>
      attributes.map((one) => (one.name === name ? Attribute.parse({ ...one, ...more }) : one)),
    );
  };
  return {
    setCredentials: ({ clientSecret }: { clientSecret?: string }) => {
      if (clientSecret !== undefined) account.clientSecret = clientSecret;
    },
    setProductProfile: (present: boolean) => {
      account.productProfile = present;
    },
    setWriteRight: (present: boolean) => {
      state.mayWrite = present;
    },
    setSwitches: (switches: Partial<CampaignSwitches>) => {
      state.switches = CampaignSwitches.parse({ ...state.switches, ...switches });
    },
    switches: () => state.switches,
    setBigTableThreshold: (rows: number) => {
      state.bigTableThreshold = rows;
    },
    setClockSkew: (ms: number) => {
      state.skewMs = ms;
    },
    addResource: (resource: z.input<typeof Resource>) => state.republish(Resource.parse(resource)),
    removeResource: (resource: string) => state.withdraw(resource),
    addAttribute: (resource: string, attribute: Attribute) =>
      reshape(resource, (attributes) => [...attributes, attribute]),
    removeAttribute: (resource: string, name: string) =>
      reshape(
        resource,
        (attributes) => attributes.filter((one) => one.name !== name),
        ({ [name]: _gone, ...values }) => values,
      ),
    renameAttribute: (resource: string, name: string, to: string) =>
      reshape(
        resource,
        (attributes) => attributes.map((one) => (one.name === name ? { ...one, name: to } : one)),
        ({ [name]: value, ...values }) =>
          value === undefined ? values : { ...values, [to]: value },
      ),
    retypeAttribute: (resource: string, name: string, type: AttributeType) =>
      amend(resource, name, { type }),
    setAttributeLength: (resource: string, name: string, lengthMax: number) =>
      amend(resource, name, { lengthMax }),
    setJoin: (resource: string, name: string, join: Join) => amend(resource, name, { join }),
    setKeys: (resource: string, keys: string[][]) =>
      state.republish({ ...state.get(resource).resource, keys }),
    setFilters: (resource: string, filters: CustomFilterInput[]) =>
      state.republish(Resource.parse({ ...state.get(resource).resource, filters })),
  };
}

function flat(values: CampaignRecord): Values {
  const flattened: Values = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === null || name === 'PKey' || name === 'href') continue;
    if (typeof value !== 'object') flattened[name] = value;
    else {
      for (const [inner, one] of Object.entries(value)) {
        if (one !== null && typeof one !== 'object') flattened[`${name}.${inner}`] = one;
      }
    }
  }
  return flattened;
}

const Name = z.string().min(1);
const Values = z.record(z.string(), z.json());

/** What each method takes when it is called over HTTP. */
export const CAMPAIGN_PARAMETERS: Record<keyof CampaignControl, z.ZodType<unknown[]>> = {
  ...SHARED_PARAMETERS,
  ...MAIL_PARAMETERS,
  ...FILES_PARAMETERS,
  profiles: z.tuple([]),
  profileCount: z.tuple([]),
  profile: z.tuple([Name, Name.optional()]),
  duplicates: z.tuple([Name.optional()]),
  createProfile: z.tuple([Values]),
  changeProfile: z.tuple([Name, Values]),
  deleteProfile: z.tuple([Name]),
  seedProfiles: z.tuple([z.int().min(0)]),
  records: z.tuple([Name]),
  recordCount: z.tuple([Name]),
  record: z.tuple([Name, Name, Name]),
  createRecord: z.tuple([Name, Values]),
  deleteAllRecords: z.tuple([Name]),
  setCredentials: z.tuple([z.strictObject({ clientSecret: z.string().optional() })]),
  setProductProfile: z.tuple([z.boolean()]),
  setWriteRight: z.tuple([z.boolean()]),
  setSwitches: z.tuple([z.looseObject({})]),
  switches: z.tuple([]),
  setBigTableThreshold: z.tuple([z.int().min(0)]),
  setClockSkew: z.tuple([z.int().min(-86_400_000).max(86_400_000)]),
  addResource: z.tuple([Resource]),
  removeResource: z.tuple([Name]),
  addAttribute: z.tuple([Name, Attribute]),
  removeAttribute: z.tuple([Name, Name]),
  renameAttribute: z.tuple([Name, Name, Name]),
  retypeAttribute: z.tuple([Name, Name, AttributeType]),
  setAttributeLength: z.tuple([Name, Name, z.int().min(1)]),
  setJoin: z.tuple([Name, Name, Join]),
  setKeys: z.tuple([Name, z.array(z.array(Name).min(1))]),
  setFilters: z.tuple([Name, z.array(CustomFilter)]),
};
