import type {
  CampaignFieldMetadata,
  DynamicsColumnMetadata,
  TableMapping,
} from '@landbridge/contracts';
import { convert } from './convert.ts';
import { convertReplaced } from './convert-replaced.ts';
import { isNumberType } from './converters.ts';
import { error, warning, type Finding } from './finding.ts';
import { columnNamed, fieldNamed, type MappingMetadata } from './metadata-index.ts';
import { NUMBER_RANGES } from './number-ranges.ts';
import { replacementsOf } from './replacement.ts';
import { convertibility, sourceFamily } from './type-pairs.ts';

const GUID_LENGTH = 36;

/** Whether values of one column can go into one attribute; silent where either does not exist. */
export function validatePair(
  pair: { dynamics: string; campaign: string },
  { table, resource }: MappingMetadata,
  mapping: TableMapping,
  pointer: string,
): Finding[] {
  const { technicalValues } = mapping;
  const column = columnNamed(table, pair.dynamics);
  const field = fieldNamed(resource, pair.campaign);
  if (column === undefined || field === undefined) return [];
  const names = `"${column.name}" (${column.type}) → "${field.name}" (${field.type})`;
  switch (convertibility(column.type, field.type)) {
    case 'never':
      return [error(`${pointer}/campaign`, `${names}: these two types cannot be converted`)];
    case 'lossy':
      return [
        warning(`${pointer}/campaign`, `${names}: ${lossOf(field)}`),
        ...limits(column, field, technicalValues, pointer),
      ];
    case 'partly': {
      const doubt = doubtAbout(column, field, mapping);
      return doubt === null ? [] : [warning(`${pointer}/campaign`, `${names}: ${doubt}`)];
    }
    case 'exact':
      return limits(column, field, technicalValues, pointer);
  }
}

/** Where a column has options, each can be tried now; elsewhere only the record will tell. */
function doubtAbout(
  column: DynamicsColumnMetadata,
  field: CampaignFieldMetadata,
  mapping: TableMapping,
): string | null {
  if (column.options.length === 0 || sourceFamily(column.type) === 'options') {
    return 'a record whose value cannot be converted will be rejected';
  }
  const replacements = replacementsOf(mapping.replacements, column);
  const unfit = column.options.filter(({ value }) => {
    const raw = column.type === 'boolean' ? value === 1 : value;
    const converted =
      replacements === null
        ? convert(raw, column, field, mapping)
        : convertReplaced(raw, { column, field }, replacements, mapping);
    return !converted.ok;
  });
  const named = unfit.map(({ value, label }) => `${value} ${label}`).join(', ');
  return unfit.length === 0
    ? null
    : `records with these choices will be rejected unless they are replaced: ${named}`;
}

function lossOf(field: CampaignFieldMetadata): string {
  return field.type === 'date'
    ? 'the time of day is left out, and the day is the one in UTC'
    : 'a single-precision number keeps about seven digits';
}

function limits(
  column: DynamicsColumnMetadata,
  field: CampaignFieldMetadata,
  technicalValues: boolean,
  pointer: string,
): Finding[] {
  const message = isNumberType(field.type)
    ? rangeMessage(column, field)
    : lengthMessage(column, field, technicalValues);
  return message === null ? [] : [warning(`${pointer}/campaign`, message)];
}

function rangeMessage(column: DynamicsColumnMetadata, field: CampaignFieldMetadata): string | null {
  if (!isNumberType(field.type)) return null;
  const { min, max } = NUMBER_RANGES[field.type];
  const [lowest, highest] = bounds(column);
  return lowest < min || highest > max
    ? `"${column.name}" holds ${lowest} to ${highest}, "${field.name}" takes ${min} to ${max}; ` +
        'a value outside will be rejected'
    : null;
}

function bounds(column: DynamicsColumnMetadata): [number, number] {
  switch (sourceFamily(column.type)) {
    case 'boolean':
      return [0, 1];
    case 'option': {
      const values = column.options.map(({ value }) => value);
      return values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)];
    }
    default:
      return [column.numberMin ?? defaultMin(column), column.numberMax ?? -defaultMin(column)];
  }
}

/** What Dataverse allows where the column does not narrow it. */
function defaultMin(column: DynamicsColumnMetadata): number {
  if (column.type === 'integer') return -2_147_483_647;
  return column.type === 'bigint' ? -(2 ** 63) : -100_000_000_000;
}

function lengthMessage(
  column: DynamicsColumnMetadata,
  field: CampaignFieldMetadata,
  technicalValues: boolean,
): string | null {
  const longest = longestText(column, technicalValues);
  if (field.lengthMax === null || longest === null || longest <= field.lengthMax) return null;
  return (
    `"${column.name}" holds up to ${longest} characters, "${field.name}" takes ` +
    `${field.lengthMax}; a longer value will be rejected`
  );
}

/** Characters of the longest text that the column can give; null where nothing is known. */
function longestText(column: DynamicsColumnMetadata, technicalValues: boolean): number | null {
  switch (sourceFamily(column.type)) {
    case 'text':
      return column.lengthMax;
    case 'whole':
      return column.type === 'bigint' ? 20 : 11;
    case 'fraction':
      return null;
    case 'boolean':
      return 'false'.length;
    case 'option':
      return Math.max(0, ...optionTexts(column, technicalValues).map((text) => text.length));
    case 'options':
      return optionTexts(column, technicalValues).join(technicalValues ? ',' : '; ').length;
    case 'date':
      return 'YYYY-MM-DD'.length;
    case 'instant':
    case 'wallClock':
      return 'YYYY-MM-DDTHH:mm:ssZ'.length;
    case 'id':
      return GUID_LENGTH;
    case 'other':
      return null;
  }
}

function optionTexts(column: DynamicsColumnMetadata, technicalValues: boolean): string[] {
  return column.options.map(({ value, label }) => (technicalValues ? String(value) : label));
}
