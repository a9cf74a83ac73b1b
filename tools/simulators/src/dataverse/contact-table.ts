import type { Column, Option } from './column.schema.ts';
import { YES_NO, type Table } from './table.ts';

const text = (name: string, lengthMax: number, more: Partial<Column> = {}): Column => ({
  name,
  type: 'string',
  lengthMax,
  ...more,
});

const options = (first: number, ...labels: string[]): Option[] =>
  labels.map((label, index) => ({ value: first + index, label }));

const choice = (name: string, list: Option[]): Column => ({
  name,
  type: 'picklist',
  options: list,
});

const flag = (name: string, yes: string, no: string, byDefault = false): Column => ({
  name,
  type: 'boolean',
  options: [
    { value: 1, label: yes },
    { value: 0, label: no },
  ],
  default: byDefault,
});

const yesNo = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: 'boolean',
  options: YES_NO,
  default: false,
  ...more,
});

const texts = (list: string): Column[] =>
  list.split(' ').map((one) => {
    const [name = '', lengthMax = '100'] = one.split(':');
    return text(
      name,
      Number(lengthMax),
      name.startsWith('emailaddress') ? { format: 'Email' } : {},
    );
  });

function address(n: 1 | 2 | 3): Column[] {
  const at = `address${n}_`;
  const only = options(1, 'Default Value');
  return [
    ...texts(
      [
        `${at}line1:250 ${at}line2:250 ${at}line3:250 ${at}city:80 ${at}stateorprovince:50`,
        `${at}postalcode:20 ${at}country:80 ${at}county:50 ${at}postofficebox:20`,
        `${at}name:${n === 1 ? 200 : 100} ${at}telephone1:50 ${at}telephone2:50 ${at}telephone3:50`,
        `${at}fax:50 ${at}upszone:4 ${at}primarycontactname:100`,
      ].join(' '),
    ),
    { name: `${at}latitude`, type: 'double', numberMin: -90, numberMax: 90, precision: 5 },
    { name: `${at}longitude`, type: 'double', numberMin: -180, numberMax: 180, precision: 5 },
    { name: `${at}utcoffset`, type: 'integer', numberMin: -1500, numberMax: 1500 },
    { name: `${at}addressid`, type: 'uniqueidentifier' },
    { name: `${at}composite`, type: 'memo', lengthMax: 1000, create: false, update: false },
    choice(
      `${at}addresstypecode`,
      n === 1 ? options(1, 'Bill To', 'Ship To', 'Primary', 'Other') : only,
    ),
    choice(`${at}freighttermscode`, n === 1 ? options(1, 'FOB', 'No Charge') : only),
    choice(
      `${at}shippingmethodcode`,
      n === 1
        ? options(1, 'Airborne', 'DHL', 'FedEx', 'UPS', 'Postal Mail', 'Full Load', 'Will Call')
        : only,
    ),
  ];
}

const money = (name: string): Column[] => [
  { name, type: 'money', numberMin: 0, numberMax: 100_000_000_000_000, precision: 2 },
  { name: `${name}_base`, type: 'money', precision: 4, create: false, update: false },
];

const lookup = (name: string, targets: string[], more: Partial<Column> = {}): Column => ({
  name,
  type: 'lookup',
  targets,
  ...more,
});

const readOnly = { create: false, update: false } as const;

/** The columns that every user-owned table has. */
export function systemColumns(): Column[] {
  return [
    { name: 'createdon', type: 'dateTime', ...readOnly },
    { name: 'modifiedon', type: 'dateTime', ...readOnly },
    { name: 'overriddencreatedon', type: 'dateTime', update: false },
    lookup('createdby', ['systemuser'], readOnly),
    lookup('modifiedby', ['systemuser'], readOnly),
    { name: 'ownerid', type: 'owner', targets: ['systemuser', 'team'], required: 'SystemRequired' },
    lookup('owningbusinessunit', ['businessunit'], readOnly),
    lookup('owninguser', ['systemuser'], readOnly),
    lookup('owningteam', ['team'], readOnly),
    { name: 'versionnumber', type: 'bigint', ...readOnly },
    { name: 'importsequencenumber', type: 'integer', update: false },
    { name: 'timezoneruleversionnumber', type: 'integer', numberMin: -1 },
    { name: 'utcconversiontimezonecode', type: 'integer', numberMin: -1 },
  ];
}

export function stateColumns(): Column[] {
  return [
    { name: 'statecode', type: 'state', options: options(0, 'Active', 'Inactive'), create: false },
    {
      name: 'statuscode',
      type: 'status',
      options: [
        { value: 1, label: 'Active', state: 0 },
        { value: 2, label: 'Inactive', state: 1 },
      ],
    },
  ];
}

const DEFAULT_CHOICES = (
  'customertypecode leadsourcecode educationcode haschildrencode customersizecode territorycode ' +
  'shippingmethodcode'
).split(' ');

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Contact as Dataverse ships it, and a few columns of a customer's own. */
export function contactTable(): Table {
  const refuse = (name: string): Column => flag(name, 'Do Not Allow', 'Allow');
  return {
    logicalName: 'contact',
    schemaName: 'Contact',
    entitySet: 'contacts',
    label: 'Contact',
    objectTypeCode: 2,
    primaryId: 'contactid',
    primaryName: 'fullname',
    isCustom: false,
    isActivity: false,
    changeTracking: true,
    multiple: true,
    keys: [{ name: 'new_externalrefkey', columns: ['new_externalref'], status: 'Active' }],
    columns: [
      { name: 'contactid', type: 'uniqueidentifier', update: false, required: 'SystemRequired' },
      text('fullname', 160, readOnly),
      text('lastname', 50, { required: 'ApplicationRequired' }),
      ...texts(
        'firstname:50 middlename:50 nickname:100 salutation:100 suffix:10 jobtitle:100 ' +
          'department:100 emailaddress1:100 emailaddress2:100 emailaddress3:100 telephone1:50 ' +
          'telephone2:50 telephone3:50 mobilephone:50 home2:50 business2:50 company:50 fax:50 ' +
          'pager:50 assistantname:100 assistantphone:50 managername:100 managerphone:50 ' +
          'spousesname:100 childrensnames:255 callback:50 governmentid:50 employeeid:50 ' +
          'externaluseridentifier:50 websiteurl:200 ftpsiteurl:200 yomifirstname:150 ' +
          'yomilastname:150 yomimiddlename:150 yomifullname:450',
      ),
      { name: 'description', type: 'memo', lengthMax: 2000 },
      ...address(1),
      ...address(2),
      ...address(3),
      choice('gendercode', options(1, 'Male', 'Female')),
      choice('familystatuscode', options(1, 'Single', 'Married', 'Divorced', 'Widowed')),
      choice('preferredcontactmethodcode', options(1, 'Any', 'Email', 'Phone', 'Fax', 'Mail')),
      choice('preferredappointmentdaycode', options(0, ...DAYS)),
      choice('preferredappointmenttimecode', options(1, 'Morning', 'Afternoon', 'Evening')),
      choice('accountrolecode', options(1, 'Decision Maker', 'Employee', 'Influencer')),
      choice('paymenttermscode', options(1, 'Net 30', '2% 10, Net 30', 'Net 45', 'Net 60')),
      ...DEFAULT_CHOICES.map((name) => choice(name, options(1, 'Default Value'))),
      ...['donotbulkemail', 'donotemail', 'donotfax', 'donotphone', 'donotpostalmail'].map(refuse),
      yesNo('donotbulkpostalmail'),
      flag('donotsendmm', 'Do Not Send', 'Send'),
      flag('followemail', 'Allow', 'Do Not Allow', true),
      ...['creditonhold', 'isbackofficecustomer', 'marketingonly', 'participatesinworkflow'].map(
        (name) => yesNo(name),
      ),
      yesNo('merged', readOnly),
      ...stateColumns(),
      { name: 'birthdate', type: 'dateOnly' },
      { name: 'anniversary', type: 'dateOnly' },
      { name: 'lastusedincampaign', type: 'dateTime' },
      { name: 'lastonholdtime', type: 'dateTime' },
      ...['annualincome', 'creditlimit', 'aging30', 'aging60', 'aging90'].flatMap(money),
      { name: 'exchangerate', type: 'decimal', precision: 10, ...readOnly },
      { name: 'numberofchildren', type: 'integer', numberMin: 0, numberMax: 1_000_000_000 },
      {
        name: 'parentcustomerid',
        type: 'customer',
        targets: ['account', 'contact'],
        navigation: { account: 'parentcustomerid_account', contact: 'parentcustomerid_contact' },
      },
      lookup('transactioncurrencyid', ['transactioncurrency']),
      lookup('preferredsystemuserid', ['systemuser']),
      lookup('slaid', ['sla'], { navigation: { sla: 'sla_contact_sla' } }),
      lookup('masterid', ['contact'], readOnly),
      lookup('accountid', ['account'], readOnly),
      lookup('parentcontactid', ['contact'], readOnly),
      ...systemColumns(),
      ...customColumns(),
    ],
  };
}

const HOBBIES = options(
  1,
  'Reading',
  'Hiking',
  'Climbing',
  'Chess',
  'Cooking',
  'Sailing',
  'Music',
  'Golf',
  'Dance',
);

/** One column of every type that the standard ones do not show. */
function customColumns(): Column[] {
  return [
    {
      name: 'new_hobbies',
      schemaName: 'new_Hobbies',
      label: 'Hobbies',
      type: 'multiSelectPicklist',
      options: HOBBIES,
    },
    {
      name: 'new_segment',
      schemaName: 'new_Segment',
      label: 'Segment',
      type: 'picklist',
      options: options(100_000_000, 'Bronze', 'Silver', 'Gold'),
      globalOptions: 'new_segments',
    },
    text('new_externalref', 100, { schemaName: 'new_ExternalRef', label: 'External reference' }),
    {
      name: 'new_score',
      schemaName: 'new_Score',
      label: 'Score',
      type: 'decimal',
      numberMin: -100_000_000_000,
      numberMax: 100_000_000_000,
      precision: 4,
    },
    {
      name: 'new_contracttime',
      schemaName: 'new_ContractTime',
      label: 'Contract time',
      type: 'dateTimeIndependent',
    },
    { name: 'entityimage', type: 'image' },
  ];
}
