import { expect, test } from '@jest/globals';
import {
  castsOf,
  columnOf,
  ownColumns,
  RawColumns,
  RawDetails,
  RawOneTable,
  summaryOf,
} from '../src/table-metadata.ts';

const label = (text: string) => ({
  LocalizedLabels: [{ Label: text, LanguageCode: 1033 }],
  UserLocalizedLabel: { Label: text, LanguageCode: 1033 },
});

function column(name: string, typeName: string | null, more: object = {}) {
  const AttributeTypeName = typeName === null ? null : { Value: typeName };
  const raw = { LogicalName: name, AttributeTypeName, AttributeOf: null, ...more };
  return RawColumns.parse({ value: [raw] }).value[0]!;
}

function detail(more: object) {
  return RawDetails.parse({ value: [{ LogicalName: 'x', ...more }] }).value[0]!;
}

test.each([
  ['StringType', 'string'],
  ['MemoType', 'memo'],
  ['IntegerType', 'integer'],
  ['BigIntType', 'bigint'],
  ['DecimalType', 'decimal'],
  ['DoubleType', 'double'],
  ['MoneyType', 'money'],
  ['BooleanType', 'boolean'],
  ['PicklistType', 'picklist'],
  ['MultiSelectPicklistType', 'multiSelectPicklist'],
  ['StateType', 'state'],
  ['StatusType', 'status'],
  ['DateTimeType', 'dateTime'],
  ['LookupType', 'lookup'],
  ['CustomerType', 'lookup'],
  ['OwnerType', 'lookup'],
  ['UniqueidentifierType', 'uniqueidentifier'],
  ['ImageType', 'other'],
  ['FileType', 'other'],
  ['VirtualType', 'other'],
  ['PartyListType', 'other'],
  ['constructor', 'other'],
])('%s is %s', (typeName, type) => {
  expect(columnOf(column('x', typeName), undefined).type).toBe(type);
});

test('without a type name, the older type decides', () => {
  const memo = column('x', null, { AttributeType: 'Memo' });
  expect(columnOf(memo, undefined).type).toBe('memo');
});

test.each([
  ['DateOnly', 'DateOnly', 'dateOnly'],
  ['UserLocal', 'DateOnly', 'dateTime'],
  ['UserLocal', 'DateAndTime', 'dateTime'],
  ['TimeZoneIndependent', 'DateAndTime', 'dateTimeIndependent'],
  [undefined, 'DateOnly', 'dateOnly'],
])('a date of behavior %s and format %s is %s', (behavior, Format, type) => {
  const DateTimeBehavior = behavior === undefined ? null : { Value: behavior };
  expect(columnOf(column('x', 'DateTimeType'), detail({ DateTimeBehavior, Format })).type).toBe(
    type,
  );
});

test('options come from the own set, else from the global choice; labels in any language', () => {
  const option = (Value: number, Label: object) => ({ Value, Label });
  const own = {
    Options: [
      option(1, label('Male')),
      option(2, { LocalizedLabels: [{ Label: 'Femme' }], UserLocalizedLabel: null }),
      option(3, { LocalizedLabels: [], UserLocalizedLabel: null }),
    ],
  };
  const gender = column('gendercode', 'PicklistType');
  expect(columnOf(gender, detail({ OptionSet: own, GlobalOptionSet: null })).options).toEqual([
    { value: 1, label: 'Male' },
    { value: 2, label: 'Femme' },
    { value: 3, label: '3' },
  ]);
  const global = detail({ OptionSet: null, GlobalOptionSet: { Options: [option(9, label('X'))] } });
  expect(columnOf(gender, global).options).toEqual([{ value: 9, label: 'X' }]);
});

test('a boolean has two options', () => {
  const OptionSet = {
    TrueOption: { Value: 1, Label: label('Do Not Allow') },
    FalseOption: { Value: 0, Label: label('Allow') },
  };
  expect(columnOf(column('donotemail', 'BooleanType'), detail({ OptionSet })).options).toEqual([
    { value: 1, label: 'Do Not Allow' },
    { value: 0, label: 'Allow' },
  ]);
});

test('a column says its limits', () => {
  const raw = column('creditlimit', 'MoneyType', {
    RequiredLevel: { Value: 'ApplicationRequired' },
    IsValidForRead: false,
    IsValidForUpdate: false,
    DisplayName: label('Credit Limit'),
  });
  expect(columnOf(raw, detail({ MinValue: 0, MaxValue: 1e11, Precision: 2 }))).toEqual({
    name: 'creditlimit',
    label: 'Credit Limit',
    type: 'money',
    lengthMax: null,
    numberMin: 0,
    numberMax: 1e11,
    precision: 2,
    required: true,
    readable: false,
    creatable: true,
    updatable: false,
    options: [],
    targets: [],
  });
});

test('columns that mirror another are left out', () => {
  const shadow = column('gendercodename', 'VirtualType', { AttributeOf: 'gendercode' });
  const own = column('gendercode', 'PicklistType');
  expect(ownColumns([shadow, own])).toEqual([own]);
});

test('only the casts of types that are there are asked for', () => {
  const casts = castsOf([column('a', 'OwnerType'), column('b', 'StringType')]);
  expect(casts.map(({ cast }) => cast).toSorted()).toEqual(['Lookup', 'String']);
});

test('a table is read bare and wrapped; one without an entity set is none', () => {
  const raw = {
    LogicalName: 'contact',
    EntitySetName: 'contacts',
    PrimaryIdAttribute: 'contactid',
    ChangeTrackingEnabled: true,
    IsCustomEntity: false,
    DisplayName: label('Contact'),
  };
  const contact = {
    table: 'contact',
    label: 'Contact',
    entitySet: 'contacts',
    primaryId: 'contactid',
    changeTracking: true,
    custom: false,
  };
  for (const shape of [raw, { value: raw }, { value: [raw] }]) {
    expect(summaryOf(RawOneTable.parse(shape))).toEqual(contact);
  }
  expect(summaryOf(RawOneTable.parse({ ...raw, EntitySetName: null }))).toBeNull();
});
