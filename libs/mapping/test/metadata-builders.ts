import type {
  CampaignFieldMetadata,
  CampaignResourceMetadata,
  CampaignType,
  DynamicsColumnMetadata,
  DynamicsTableMetadata,
  DynamicsType,
  TableMapping,
} from '@landbridge/contracts';
import { campaignField, dynamicsColumn } from '@landbridge/testing/metadata';

export const column = (
  type: DynamicsType,
  over: Partial<DynamicsColumnMetadata> = {},
): DynamicsColumnMetadata =>
  dynamicsColumn(`a_${type.toLowerCase()}`, type, {
    label: type,
    lengthMax: type === 'string' ? 50 : type === 'memo' ? 2_000 : null,
    ...over,
  });

export const field = (
  type: CampaignType,
  over: Partial<CampaignFieldMetadata> = {},
): CampaignFieldMetadata =>
  campaignField(`to_${type}`, type, { label: type, lengthMax: null, ...over });

export const gender = column('picklist', {
  name: 'gendercode',
  options: [
    { value: 1, label: 'Male' },
    { value: 2, label: 'Female' },
  ],
});

export const genderField = field('enumeration', {
  name: 'gender',
  values: [
    { name: 'unknown', label: 'Not specified' },
    { name: 'male', label: 'Male' },
    { name: 'female', label: 'Female' },
  ],
});

export const contact: DynamicsTableMetadata = {
  table: 'contact',
  label: 'Contact',
  entitySet: 'contacts',
  primaryId: 'contactid',
  primaryName: 'fullname',
  changeTracking: true,
  custom: false,
  columns: [
    column('uniqueidentifier', { name: 'contactid' }),
    column('string', { name: 'firstname' }),
    column('string', { name: 'jobtitle', lengthMax: 100 }),
    column('string', { name: 'hidden', readable: false }),
    column('dateOnly', { name: 'birthdate' }),
    column('dateTime', { name: 'lastonholdtime' }),
    column('dateTimeIndependent', { name: 'new_appointment' }),
    column('integer', { name: 'numberofchildren', numberMin: 0, numberMax: 1_000_000_000 }),
    column('money', { name: 'annualincome' }),
    column('boolean', {
      name: 'donotemail',
      options: [
        { value: 1, label: 'Do Not Allow' },
        { value: 0, label: 'Allow' },
      ],
    }),
    column('multiSelectPicklist', {
      name: 'new_hobbies',
      options: [
        { value: 2, label: 'Hiking' },
        { value: 3, label: 'Climbing' },
        { value: 8, label: 'Golf' },
      ],
    }),
    column('lookup', { name: 'parentcustomerid', targets: ['account'] }),
    gender,
  ],
};

export const profile: CampaignResourceMetadata = {
  resource: 'profile',
  label: 'Profiles',
  endpoint: 'profileAndServicesExt',
  filters: [],
  fields: [
    field('string', { name: 'externalId', lengthMax: 100 }),
    field('string', { name: 'firstName', lengthMax: 30 }),
    field('string', { name: 'jobTitle', lengthMax: 100 }),
    field('string', { name: 'location.city', lengthMax: 80 }),
    field('integer', { name: 'age', readOnly: true }),
    field('byte', { name: 'cusChildren' }),
    field('boolean', { name: 'blackListEmail' }),
    field('date', { name: 'birthDate' }),
    genderField,
  ],
};

export const mapping = (over: Partial<TableMapping> = {}): TableMapping => ({
  dynamicsTable: 'contact',
  campaignResource: 'profile',
  key: { dynamics: 'contactid', campaign: 'externalId' },
  fields: [
    { dynamics: 'firstname', campaign: 'firstName', applyUpdates: true },
    { dynamics: 'gendercode', campaign: 'gender', applyUpdates: true },
    { dynamics: 'jobtitle', campaign: 'jobTitle', applyUpdates: false },
  ],
  links: [],
  replacements: [],
  filter: null,
  deleteFilteredOut: false,
  applyDeletes: true,
  technicalValues: false,
  ...over,
});

export const metadata = { table: contact, resource: profile };
