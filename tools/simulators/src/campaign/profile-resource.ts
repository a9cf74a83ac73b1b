import type { Attribute, CustomFilter, Resource } from './attribute.schema.ts';

const text = (name: string, lengthMax: number, more: Partial<Attribute> = {}): Attribute => ({
  name,
  type: 'string',
  lengthMax,
  ...more,
});

const choice = (name: string, label: string, names: string[]): Attribute => ({
  name,
  label,
  type: 'enumeration',
  values: names.map((value, index) => ({
    name: value,
    label: value === 'none' ? 'None' : value.replaceAll('_', ' '),
    value: index,
  })),
});

const ADDRESSING = ['Email', 'Fax', 'Mobile', 'Phone', 'PostalMail'];

const optOuts: Attribute[] = [
  { name: 'blackList', label: 'No longer contact (by any channel)', type: 'boolean' },
  ...ADDRESSING.map((channel): Attribute => ({ name: `blackList${channel}`, type: 'boolean' })),
  { name: 'blackListPushnotification', type: 'boolean' },
  { name: 'ccpaOptOut', label: 'CCPA Opt-Out', type: 'boolean' },
  ...['blackList', 'blackListAll', ...ADDRESSING.map((c) => `blackList${c}`), 'ccpaOptOut'].map(
    (name): Attribute => ({ name: `${name}LastModified`, type: 'datetime', readOnly: true }),
  ),
];

const LANGUAGES = (
  'none ar_eg ar_sa bg_bg cs_cz da_dk de_at de_ch de_de el_gr en_au en_ca en_gb en_ie en_in en_kz ' +
  'en_nz en_us es_ar es_es es_mx et_ee fa_ir fi_fi fr_be fr_ca fr_ch fr_fr he_il hi_in hr_hr ' +
  'hu_hu id_id it_ch it_it ja_jp ka_ge ko_kr lt_lt lv_lv nb_no nl_be nl_nl pl_pl pt_br pt_pt ' +
  'ro_ro ru_ru sk_sk sl_si sr_rs sv_se th_th tr_tr uk_ua vi_vn zh_cn zh_hk zh_tw'
).split(' ');

const timeZones = (): string[] => [
  'none',
  ...Intl.supportedValuesOf('timeZone').map((zone) => zone.replaceAll('/', '_')),
];

const address: Attribute[] = [
  ...[1, 2, 3, 4].map((line) => text(`location.address${line}`, 80)),
  text('location.city', 80),
  text('location.countryCode', 3),
  text('location.stateCode', 8),
  text('location.zipCode', 15),
  ...[1, 2, 3, 4, 5, 6].map((line) =>
    text(`postalAddress.line${line}`, 255, { readOnly: true, sortable: false }),
  ),
  { name: 'postalAddress.serialized', type: 'memo', readOnly: true, sortable: false },
  { name: 'postalAddress.addrDefined', type: 'boolean', readOnly: true, sortable: false },
  text('postalAddress.addrQuality', 1, { readOnly: true, sortable: false }),
  { name: 'postalAddress.addrErrorCount', type: 'byte', readOnly: true, sortable: false },
  { name: 'postalAddress.addrLastCheck', type: 'datetime', readOnly: true, sortable: false },
];

const link = (name: string, type: 'link' | 'collection', target: string): Attribute => ({
  name,
  type,
  target,
  readOnly: true,
  sortable: false,
});

/** What a customer added in the profile extension: one field of every type that can be written. */
const extension: Attribute[] = [
  text('cusCrmid', 100, { label: 'CRM id' }),
  text('cusJobTitle', 100, { label: 'Job title' }),
  text('accountExternalId', 100, { label: 'Account' }),
  text('cusHobbies', 255, { label: 'Hobbies' }),
  text('cusBrand', 127, { label: 'Promo code' }),
  { name: 'cusNotes', label: 'Notes', type: 'memo' },
  { name: 'cusChildren', label: 'Children', type: 'long' },
  { name: 'cusLevel', label: 'Level', type: 'byte' },
  { name: 'cusRank', label: 'Rank', type: 'short' },
  { name: 'cusPoints', label: 'Points', type: 'int64' },
  { name: 'cusIncome', label: 'Income', type: 'double' },
  { name: 'cusScore', label: 'Score', type: 'float' },
  { name: 'cusVip', label: 'VIP', type: 'boolean' },
  { name: 'cusJoined', label: 'Joined', type: 'date' },
  { name: 'cusLastOrder', label: 'Last order', type: 'datetime' },
  choice('cusSegment', 'Segment', ['none', 'bronze', 'silver', 'gold']),
];

const byExternalId: CustomFilter = {
  name: 'byExternalId',
  parameters: { externalId_parameter: 'externalId' },
  comparison: 'equal',
};

/** The profile resource with the extension of a customer who prepared it for Dynamics 365. */
export function profileResource(): Resource {
  return {
    name: 'profile',
    label: 'Profiles',
    linkedToProfile: true,
    attributes: [
      text('externalId', 100, { label: 'External ID' }),
      text('email', 128),
      text('firstName', 30),
      text('middleName', 30),
      text('lastName', 50),
      text('salutation', 20),
      choice('gender', 'Gender', ['unknown', 'male', 'female']),
      { name: 'birthDate', type: 'date' },
      { name: 'age', type: 'long', readOnly: true, sortable: false },
      text('phone', 32),
      text('mobilePhone', 32),
      text('fax', 32),
      choice('emailFormat', 'Email format', ['unknown', 'text', 'html']),
      choice('timeZone', 'Time zone', timeZones()),
      choice('preferredLanguage', 'Preferred language', LANGUAGES),
      text('thumbnail', 255),
      text('title', 255, { readOnly: true, sortable: false }),
      text('domain', 255, { readOnly: true, sortable: false }),
      text('cryptedId', 255, { readOnly: true, sortable: false }),
      text('acsId', 36, { readOnly: true, sortable: false }),
      { name: 'isExternal', type: 'boolean' },
      { name: 'created', type: 'datetime', readOnly: true },
      { name: 'lastModified', type: 'datetime', readOnly: true },
      ...address,
      ...optOuts,
      link('country', 'link', 'country'),
      link('stateLink', 'link', 'state'),
      { name: 'orgUnit', type: 'link', target: 'orgUnit', sortable: false },
      { name: 'geoUnit', type: 'link', target: 'geoUnit', sortable: false },
      ...['subscriptions', 'subHisto', 'logs', 'excludeLogs', 'tracking', 'places'].map((name) =>
        link(name, 'collection', name),
      ),
      ...extension,
    ],
    keys: [['externalId'], ['cusCrmid']],
    filters: [
      { name: 'byEmail', parameters: { email: 'email' }, comparison: 'equal' },
      byExternalId,
      { name: 'byCrmid', parameters: { crmid_parameter: 'cusCrmid' }, comparison: 'equal' },
      {
        name: 'byRecipientId',
        parameters: { recipientId_parameter: '@id' },
        comparison: 'equal',
      },
      {
        name: 'byLastModified',
        parameters: { lastModified_parameter: 'lastModified' },
        comparison: 'atLeast',
      },
      {
        name: 'byOptOutLastModified',
        parameters: {
          lastModified_parameter: optOuts
            .map(({ name }) => name)
            .filter((name) => name.endsWith('LastModified')),
        },
        comparison: 'atLeast',
      },
    ],
  };
}

const audit: Attribute[] = [
  { name: 'created', type: 'datetime', readOnly: true },
  { name: 'lastModified', type: 'datetime', readOnly: true },
];

/** Two custom resources as the D365 recipe makes them: plain text columns that join by GUID. */
export function customResources(): Resource[] {
  return [
    {
      name: 'cusAccount',
      label: 'Account',
      linkedToProfile: true,
      attributes: [
        text('externalId', 100),
        text('AccountName', 160),
        text('City', 80),
        { name: 'Revenue', type: 'double' },
        { name: 'Employees', type: 'long' },
        ...audit,
      ],
      keys: [['externalId']],
      filters: [byExternalId],
    },
    {
      name: 'cusVehicle',
      label: 'Vehicle',
      linkedToProfile: true,
      attributes: [
        text('externalId', 100),
        text('VIN', 17),
        text('VehicleName', 100),
        text('ProfileExternalId', 100),
        text('AccountExternalId', 100),
        { name: 'Registered', type: 'date' },
        ...audit,
      ],
      keys: [['externalId'], ['VIN']],
      filters: [byExternalId],
    },
    {
      name: 'cusProduct',
      label: 'Product',
      linkedToProfile: false,
      attributes: [
        text('externalId', 100),
        text('ProductName', 100),
        text('Category', 50),
        ...audit,
      ],
      keys: [['externalId'], ['ProductName', 'Category']],
      filters: [
        byExternalId,
        {
          name: 'byidentification_key',
          parameters: { category_parameter: 'Category', name_parameter: 'ProductName' },
          comparison: 'equal',
        },
      ],
    },
  ];
}
