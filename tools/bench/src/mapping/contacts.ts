import {
  type CampaignFieldMetadata,
  type DynamicsColumnMetadata,
  type Filter,
  INITIAL_INGRESS_CONFIGURATION,
  type TableMapping,
} from '@landbridge/contracts';
import { columnsOf, type MappingMetadata, type SourceColumns } from '@landbridge/mapping';
import { campaignField, dynamicsColumn } from '@landbridge/testing/metadata';

/** What every new instance maps: eleven fields, two replacements, one enumeration. */
export function contactMapping(filter: Filter | null): TableMapping {
  const [mapping] = INITIAL_INGRESS_CONFIGURATION.mappings;
  if (mapping === undefined) throw new Error('There is no mapping to measure');
  return { ...mapping, filter };
}

/** Ten conditions in three groups, of every family of types, that each record has to go through. */
export const TEN_CONDITIONS: Filter = {
  all: [
    { dynamics: 'statecode', is: 'eq', value: 'Active' },
    { dynamics: 'lastname', is: 'notEmpty' },
    { dynamics: 'birthdate', is: 'lt', value: '2010-01-01' },
    { dynamics: 'modifiedon', is: 'ge', value: '2020-01-01' },
    { dynamics: 'emailaddress1', is: 'notEndsWith', value: '@example.net' },
    { dynamics: 'address1_city', is: 'notIn', value: ['Atlantis', 'Utopia', 'Eldorado'] },
    {
      any: [
        { dynamics: 'gendercode', is: 'in', value: ['Male', 'Female'] },
        { dynamics: 'numberofchildren', is: 'gt', value: 5 },
      ],
    },
    {
      any: [
        { dynamics: 'firstname', is: 'contains', value: 'zz' },
        { dynamics: 'lastname', is: 'contains', value: 'a' },
      ],
    },
  ],
};

const column = (
  name: string,
  type: DynamicsColumnMetadata['type'],
  options: readonly string[] = [],
): DynamicsColumnMetadata =>
  dynamicsColumn(name, type, { options: options.map((label, index) => ({ value: index, label })) });

const field = (
  name: string,
  type: CampaignFieldMetadata['type'],
  values: readonly string[] = [],
): CampaignFieldMetadata =>
  campaignField(name, type, {
    lengthMax: type === 'string' ? 255 : null,
    values: values.map((value) => ({ name: value, label: value })),
  });

const TYPES: Readonly<Record<string, DynamicsColumnMetadata['type']>> = {
  contactid: 'uniqueidentifier',
  birthdate: 'dateOnly',
  modifiedon: 'dateTime',
  numberofchildren: 'integer',
};

export function contactMetadata(): MappingMetadata {
  const mapping = contactMapping(TEN_CONDITIONS);
  const columns = columnsOf(mapping).map((name) => {
    if (name === 'gendercode') return column(name, 'picklist', ['None', 'Male', 'Female']);
    if (name === 'statecode') return column(name, 'state', ['Active', 'Inactive']);
    return column(name, TYPES[name] ?? 'string');
  });
  const fields = [mapping.key, ...mapping.fields].map(({ campaign }) => {
    if (campaign === 'gender') return field(campaign, 'enumeration', ['unknown', 'male', 'female']);
    return field(campaign, campaign === 'birthDate' ? 'date' : 'string');
  });
  return {
    table: {
      table: 'contact',
      label: 'Contact',
      entitySet: 'contacts',
      primaryId: 'contactid',
      primaryName: 'fullname',
      changeTracking: true,
      custom: false,
      columns,
    },
    resource: {
      resource: 'profile',
      label: 'Profiles',
      endpoint: 'profileAndServicesExt',
      fields,
      filters: [],
    },
  };
}

/** Contacts that all pass the ten conditions; a tenth has an accent, another tenth an empty column. */
export function contactRows(count: number): SourceColumns[] {
  return Array.from({ length: count }, (_, index) => ({
    contactid: `60c4e274-0000-4000-8000-${String(index).padStart(12, '0')}`,
    firstname: index % 10 === 0 ? 'Zoë' : `First ${index}`,
    middlename: index % 10 === 1 ? null : 'M.',
    lastname: `Last ${index}`,
    emailaddress1: `first.last.${index}@example.com`,
    birthdate: `19${String(50 + (index % 50))}-0${1 + (index % 9)}-1${index % 10}`,
    gendercode: 1 + (index % 2),
    mobilephone: `+49 170 ${index}`,
    telephone1: `+49 30 ${index}`,
    address1_line1: `Street ${index}`,
    address1_city: 'Berlin',
    address1_postalcode: String(10_000 + (index % 90_000)),
    statecode: 0,
    modifiedon: '2026-11-24T10:00:00Z',
    numberofchildren: index % 4,
  }));
}
