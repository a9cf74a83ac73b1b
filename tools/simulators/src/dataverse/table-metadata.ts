import type { Column, Option } from './column.schema.ts';
import { collectionNavigation, isLookup, navigationsOf, type Table } from './table.ts';

export type Json = Record<string, unknown>;

type Labels = { LocalizedLabels: Json[]; UserLocalizedLabel: Json | null };

export function label(text: string): Labels {
  const one = { Label: text, LanguageCode: 1033, IsManaged: true };
  return { LocalizedLabels: [one], UserLocalizedLabel: one };
}

const managed = (value: boolean): Json => ({ Value: value, CanBeChanged: true });

/** A stable id for a piece of metadata. */
export function metadataId(...names: string[]): string {
  let h = 0x811c9dc5;
  for (const letter of names.join('/')) h = Math.imul(h ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  const hex = (salt: number): string =>
    (Math.imul(h ^ salt, 0x5bd1e995) >>> 0).toString(16).padStart(8, '0');
  return `${hex(1)}-${hex(2).slice(0, 4)}-4${hex(3).slice(0, 3)}-8${hex(4).slice(0, 3)}-${hex(5)}${hex(6).slice(0, 4)}`;
}

const KINDS: Record<Column['type'], { odata: string; type: string; name: string }> = {
  string: { odata: 'String', type: 'String', name: 'StringType' },
  memo: { odata: 'Memo', type: 'Memo', name: 'MemoType' },
  integer: { odata: 'Integer', type: 'Integer', name: 'IntegerType' },
  bigint: { odata: 'BigInt', type: 'BigInt', name: 'BigIntType' },
  decimal: { odata: 'Decimal', type: 'Decimal', name: 'DecimalType' },
  double: { odata: 'Double', type: 'Double', name: 'DoubleType' },
  money: { odata: 'Money', type: 'Money', name: 'MoneyType' },
  boolean: { odata: 'Boolean', type: 'Boolean', name: 'BooleanType' },
  picklist: { odata: 'Picklist', type: 'Picklist', name: 'PicklistType' },
  multiSelectPicklist: {
    odata: 'MultiSelectPicklist',
    type: 'Virtual',
    name: 'MultiSelectPicklistType',
  },
  state: { odata: 'State', type: 'State', name: 'StateType' },
  status: { odata: 'Status', type: 'Status', name: 'StatusType' },
  dateOnly: { odata: 'DateTime', type: 'DateTime', name: 'DateTimeType' },
  dateTime: { odata: 'DateTime', type: 'DateTime', name: 'DateTimeType' },
  dateTimeIndependent: { odata: 'DateTime', type: 'DateTime', name: 'DateTimeType' },
  lookup: { odata: 'Lookup', type: 'Lookup', name: 'LookupType' },
  customer: { odata: 'Lookup', type: 'Customer', name: 'CustomerType' },
  owner: { odata: 'Lookup', type: 'Owner', name: 'OwnerType' },
  uniqueidentifier: {
    odata: 'UniqueIdentifier',
    type: 'Uniqueidentifier',
    name: 'UniqueidentifierType',
  },
  image: { odata: 'Image', type: 'Virtual', name: 'ImageType' },
};

/** What `EntityDefinitions` says of a table. */
export function tableJson(table: Table): Json {
  return {
    MetadataId: metadataId(table.logicalName),
    LogicalName: table.logicalName,
    SchemaName: table.schemaName,
    EntitySetName: table.entitySet,
    LogicalCollectionName: table.entitySet,
    ObjectTypeCode: table.objectTypeCode,
    PrimaryIdAttribute: table.primaryId,
    PrimaryNameAttribute: table.primaryName,
    ChangeTrackingEnabled: table.changeTracking,
    CanChangeTrackingBeEnabled: managed(true),
    IsOptimisticConcurrencyEnabled: true,
    IsCustomEntity: table.isCustom,
    IsActivity: table.isActivity,
    IsIntersect: false,
    IsPrivate: false,
    IsLogicalEntity: false,
    IsValidForAdvancedFind: true,
    OwnershipType: 'UserOwned',
    TableType: 'Standard',
    DisplayName: label(table.label),
    DisplayCollectionName: label(`${table.label}s`),
    Description: label(''),
  };
}

/** The columns, and beside them the shadow columns that carry labels and names. */
export function attributesJson(table: Table): Json[] {
  return table.columns.flatMap((column) => [
    columnJson(table, column),
    ...shadowsOf(table, column),
  ]);
}

function shadowsOf(table: Table, column: Column): Json[] {
  const hasLabel = ['picklist', 'boolean', 'state', 'status', 'multiSelectPicklist'];
  if (!isLookup(column) && !hasLabel.includes(column.type)) return [];
  return [
    {
      ...columnJson(table, { name: `${column.name}name`, type: 'string', lengthMax: 255 }),
      AttributeOf: column.name,
      AttributeType: isLookup(column) ? 'String' : 'Virtual',
      AttributeTypeName: { Value: isLookup(column) ? 'StringType' : 'VirtualType' },
      IsValidForCreate: false,
      IsValidForUpdate: false,
    },
  ];
}

export function columnJson(table: Table, column: Column): Json {
  const kind = KINDS[column.type];
  return {
    '@odata.type': `#Microsoft.Dynamics.CRM.${kind.odata}AttributeMetadata`,
    MetadataId: metadataId(table.logicalName, column.name),
    LogicalName: column.name,
    SchemaName: column.schemaName ?? column.name,
    EntityLogicalName: table.logicalName,
    AttributeType: kind.type,
    AttributeTypeName: { Value: kind.name },
    AttributeOf: null,
    DisplayName: label(column.label ?? column.name),
    Description: label(''),
    IsCustomAttribute: column.name.startsWith('new_') || column.name.startsWith('adobe_'),
    IsPrimaryId: column.name === table.primaryId,
    IsPrimaryName: column.name === table.primaryName,
    IsValidForRead: column.read ?? true,
    IsValidForCreate: column.create ?? true,
    IsValidForUpdate: column.update ?? true,
    IsLogical: false,
    RequiredLevel: {
      Value: column.required ?? 'None',
      CanBeChanged: true,
      ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings',
    },
    ...ofType(column),
  };
}

function ofType(column: Column): Json {
  switch (column.type) {
    case 'string':
      return {
        MaxLength: column.lengthMax ?? 100,
        Format: column.format ?? 'Text',
        FormatName: { Value: column.format ?? 'Text' },
      };
    case 'memo':
      return { MaxLength: column.lengthMax ?? 2_000, Format: 'TextArea' };
    case 'integer':
    case 'bigint':
      return {
        MinValue: column.numberMin ?? -2_147_483_648,
        MaxValue: column.numberMax ?? 2_147_483_647,
        ...(column.type === 'integer' ? { Format: 'None' } : {}),
      };
    case 'decimal':
    case 'double':
    case 'money':
      return {
        MinValue: column.numberMin ?? -100_000_000_000,
        MaxValue: column.numberMax ?? 100_000_000_000,
        Precision: column.precision ?? 2,
      };
    case 'boolean':
      return { DefaultValue: column.default ?? false };
    case 'picklist':
    case 'multiSelectPicklist':
    case 'state':
    case 'status':
      return { DefaultFormValue: -1 };
    case 'dateOnly':
      return { Format: 'DateOnly', DateTimeBehavior: { Value: 'DateOnly' } };
    case 'dateTime':
      return { Format: 'DateAndTime', DateTimeBehavior: { Value: 'UserLocal' } };
    case 'dateTimeIndependent':
      return { Format: 'DateAndTime', DateTimeBehavior: { Value: 'TimeZoneIndependent' } };
    case 'lookup':
    case 'customer':
    case 'owner':
      return { Targets: column.targets ?? [] };
    default:
      return {};
  }
}

/** OptionSet and GlobalOptionSet of a column that has choices. */
export function optionSets(table: Table, column: Column, globalOnly: boolean): Json {
  const isGlobal = column.globalOptions !== undefined;
  const name = column.globalOptions ?? `${table.logicalName}_${column.name}`;
  const set =
    column.type === 'boolean'
      ? {
          Name: name,
          IsGlobal: isGlobal,
          OptionSetType: 'Boolean',
          TrueOption: optionJson(
            column,
            column.options?.find(({ value }) => value === 1),
          ),
          FalseOption: optionJson(
            column,
            column.options?.find(({ value }) => value === 0),
          ),
        }
      : {
          Name: name,
          IsGlobal: isGlobal,
          OptionSetType: { state: 'State', status: 'Status' }[column.type as string] ?? 'Picklist',
          Options: (column.options ?? []).map((option) => optionJson(column, option)),
        };
  return {
    OptionSet: isGlobal && globalOnly ? null : { ...set, MetadataId: metadataId(name) },
    GlobalOptionSet: isGlobal ? { ...set, MetadataId: metadataId(name) } : null,
  };
}

function optionJson(column: Column, option: Option | undefined): Json {
  const text = option?.label ?? '';
  return {
    Value: option?.value ?? 0,
    Color: null,
    Label: label(text),
    ...(column.type === 'state'
      ? { DefaultStatus: (option?.value ?? 0) + 1, InvariantName: text }
      : {}),
    ...(column.type === 'status' ? { State: option?.state ?? 0 } : {}),
  };
}

export function manyToOneJson(table: Table): Json[] {
  return table.columns.flatMap((column) =>
    isLookup(column)
      ? [...navigationsOf(column)].map(([navigation, target]) => ({
          MetadataId: metadataId(table.logicalName, navigation),
          SchemaName:
            column.name === 'regardingobjectid'
              ? collectionNavigation(table, column, target)
              : `${table.logicalName}_${column.name}_${target}`,
          ReferencingEntity: table.logicalName,
          ReferencingAttribute: column.name,
          ReferencedEntity: target,
          ReferencedAttribute: `${target}id`,
          ReferencingEntityNavigationPropertyName: navigation,
          ReferencedEntityNavigationPropertyName: collectionNavigation(table, column, target),
          RelationshipType: 'OneToManyRelationship',
        }))
      : [],
  );
}

export function keysJson(table: Table): Json[] {
  return table.keys.map((key) => ({
    MetadataId: metadataId(table.logicalName, key.name),
    LogicalName: key.name,
    SchemaName: key.name,
    KeyAttributes: key.columns,
    EntityKeyIndexStatus: key.status,
  }));
}
