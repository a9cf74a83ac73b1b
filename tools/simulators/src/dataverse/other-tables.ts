import type { Column } from './column.schema.ts';
import { stateColumns, systemColumns } from './contact-table.ts';
import { YES_NO, type Table } from './table.ts';

const text = (name: string, lengthMax: number, more: Partial<Column> = {}): Column => ({
  name,
  type: 'string',
  lengthMax,
  ...more,
});

const base = {
  isCustom: false,
  isActivity: false,
  changeTracking: true,
  multiple: true,
  keys: [],
} satisfies Partial<Table>;

export function accountTable(): Table {
  return {
    ...base,
    logicalName: 'account',
    schemaName: 'Account',
    entitySet: 'accounts',
    label: 'Account',
    objectTypeCode: 1,
    primaryId: 'accountid',
    primaryName: 'name',
    keys: [{ name: 'accountnumberkey', columns: ['accountnumber'], status: 'Active' }],
    columns: [
      { name: 'accountid', type: 'uniqueidentifier', update: false, required: 'SystemRequired' },
      text('name', 160, { required: 'ApplicationRequired' }),
      text('accountnumber', 20),
      text('emailaddress1', 100, { format: 'Email' }),
      text('telephone1', 50),
      text('websiteurl', 200),
      text('address1_line1', 250),
      text('address1_city', 80),
      text('address1_postalcode', 20),
      text('address1_country', 80),
      { name: 'address1_composite', type: 'memo', lengthMax: 1000, create: false, update: false },
      { name: 'description', type: 'memo', lengthMax: 2000 },
      { name: 'numberofemployees', type: 'integer', numberMin: 0, numberMax: 1_000_000_000 },
      { name: 'revenue', type: 'money', numberMin: 0, numberMax: 1e14, precision: 2 },
      { name: 'transactioncurrencyid', type: 'lookup', targets: ['transactioncurrency'] },
      { name: 'primarycontactid', type: 'lookup', targets: ['contact'] },
      { name: 'parentaccountid', type: 'lookup', targets: ['account'] },
      ...stateColumns(),
      ...systemColumns(),
    ],
  };
}

/** A customer's own table with lookups to both standard ones. */
export function vehicleTable(): Table {
  return {
    ...base,
    logicalName: 'new_vehicle',
    schemaName: 'new_Vehicle',
    entitySet: 'new_vehicles',
    label: 'Vehicle',
    objectTypeCode: 10_112,
    primaryId: 'new_vehicleid',
    primaryName: 'new_name',
    isCustom: true,
    keys: [{ name: 'new_vinkey', columns: ['new_vin'], status: 'Active' }],
    columns: [
      {
        name: 'new_vehicleid',
        type: 'uniqueidentifier',
        update: false,
        required: 'SystemRequired',
      },
      text('new_name', 100, { schemaName: 'new_Name', required: 'ApplicationRequired' }),
      text('new_vin', 17, { schemaName: 'new_VIN' }),
      { name: 'new_registered', schemaName: 'new_Registered', type: 'dateOnly' },
      { name: 'new_electric', type: 'boolean', options: YES_NO, default: false },
      { name: 'new_contact', schemaName: 'new_Contact', type: 'lookup', targets: ['contact'] },
      { name: 'new_account', schemaName: 'new_Account', type: 'lookup', targets: ['account'] },
      ...stateColumns(),
      ...systemColumns(),
    ],
  };
}

/** Tables that others refer to; each has one row or a few. */
export function systemTables(): Table[] {
  const small = (
    [logicalName, entitySet, label, objectTypeCode, primaryName]: [
      string,
      string,
      string,
      number,
      string,
    ],
    columns: Column[],
  ): Table => ({
    ...base,
    logicalName,
    schemaName: label.replaceAll(' ', ''),
    entitySet,
    label,
    objectTypeCode,
    primaryId: `${logicalName}id`,
    primaryName,
    changeTracking: false,
    multiple: false,
    columns: [
      { name: `${logicalName}id`, type: 'uniqueidentifier', update: false },
      ...columns,
      { name: 'versionnumber', type: 'bigint', create: false, update: false },
    ],
  });
  return [
    small(
      ['organization', 'organizations', 'Organization', 1_019, 'name'],
      [
        text('name', 160),
        { name: 'expirechangetrackingindays', type: 'integer', numberMin: 0, numberMax: 365 },
      ],
    ),
    small(
      ['systemuser', 'systemusers', 'User', 8, 'fullname'],
      [
        text('fullname', 200),
        { name: 'applicationid', type: 'uniqueidentifier' },
        { name: 'azureactivedirectoryobjectid', type: 'uniqueidentifier' },
        { name: 'isdisabled', type: 'boolean', options: YES_NO, default: false },
      ],
    ),
    small(['team', 'teams', 'Team', 9, 'name'], [text('name', 160)]),
    small(['businessunit', 'businessunits', 'Business Unit', 10, 'name'], [text('name', 160)]),
    small(
      ['transactioncurrency', 'transactioncurrencies', 'Currency', 9_105, 'currencyname'],
      [text('currencyname', 100), text('isocurrencycode', 5), text('currencysymbol', 13)],
    ),
    small(
      [
        'sdkmessagefilter',
        'sdkmessagefilters',
        'Sdk Message Filter',
        4_607,
        'primaryobjecttypecode',
      ],
      [
        text('primaryobjecttypecode', 100),
        { name: 'sdkmessageid', type: 'lookup', targets: ['sdkmessage'] },
      ],
    ),
    small(['sdkmessage', 'sdkmessages', 'Sdk Message', 4_606, 'name'], [text('name', 256)]),
  ];
}
