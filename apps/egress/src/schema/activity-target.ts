import type {
  ActivityTable,
  DynamicsColumnMetadata,
  DynamicsTableMetadata,
  EventKind,
  RunFailure,
} from '@landbridge/contracts';
import type { BindName, BulkMethod, TargetTable } from '@landbridge/dynamics';

/** Where the events of one kind are written, and how. */
export type ActivityTarget = {
  kind: EventKind;
  table: TargetTable;
  by: BulkMethod;
  /** Under which name an activity is bound to its contact. */
  bind: string;
  names: ActivityTable;
  /** The column that timelines can be sorted by; null: the table has none to be written. */
  sortDate: string | null;
  /** By column, how many characters it takes; null: as many as there are. */
  lengths: ReadonlyMap<string, number | null>;
};

/** What Dynamics 365 says of one table now; `metadata` null: it is not there. */
export type FoundActivity = {
  metadata: DynamicsTableMetadata | null;
  binds: readonly BindName[];
  by: BulkMethod;
};

const TEXT = ['string', 'memo'];
const TIME = ['dateTime', 'dateTimeIndependent', 'dateOnly'];
/** Lookups of activities lead to contacts by this table's name. */
const CONTACT = 'contact';
/** Common to all activities, empty until somebody fills it. Source  Dataverse, ActivityPointer. */
const SORT_DATE = 'sortdate';

type Wanted = { setting: keyof ActivityTable; column: string; types: readonly string[] };

/** Checks every configured name; a fault names the first that is missing or of another type. */
export function targetOf(
  kind: EventKind,
  names: ActivityTable,
  { metadata, binds, by }: FoundActivity,
): { target: ActivityTarget } | { fault: RunFailure } {
  const { table } = names;
  const setting = (name: keyof ActivityTable) => `activities.${kind}.${name}`;
  if (metadata === null) {
    const message =
      `Dynamics 365 has no table ${table} for the event "${kind}": install Adobe’s solution, ` +
      `or name the table in ${setting('table')}`;
    return { fault: { code: 'tableMissing', system: 'dynamics', message, field: table } };
  }
  const columns = new Map(metadata.columns.map((column) => [column.name, column]));
  for (const wanted of wantedOf(names)) {
    const fault = columnFault(wanted, columns.get(wanted.column), table);
    if (fault !== null) {
      const message = `${fault.message}; it is named in ${setting(wanted.setting)}`;
      return { fault: { ...fault, message } };
    }
  }
  const bind = binds.find(({ column, to }) => column === names.regarding && to === CONTACT);
  if (bind === undefined) {
    const field = `${table}.${names.regarding}`;
    const message = `${field} leads to no contact; it is named in ${setting('regarding')}`;
    return { fault: { code: 'columnMissing', system: 'dynamics', message, field } };
  }
  const { entitySet, primaryId } = metadata;
  const lengths = new Map(metadata.columns.map(({ name, lengthMax }) => [name, lengthMax]));
  const target = { table, entitySet, primaryId };
  const sort = columns.get(SORT_DATE);
  const sortDate = sort?.type === 'dateTime' && sort.creatable ? SORT_DATE : null;
  return { target: { kind, table: target, by, bind: bind.bind, names, sortDate, lengths } };
}

function wantedOf(names: ActivityTable): Wanted[] {
  const text = (
    ['subject', 'campaignName', 'deliveryName', 'trackingUrl', 'mirrorPageUrl'] as const
  )
    .map((setting) => ({ setting, column: names[setting], types: TEXT }))
    .flatMap(({ column, ...rest }) => (column === null ? [] : [{ ...rest, column }]));
  return [
    { setting: 'date', column: names.date, types: TIME },
    { setting: 'regarding', column: names.regarding, types: ['lookup'] },
    ...text,
  ];
}

function columnFault(
  { column, types }: Wanted,
  found: DynamicsColumnMetadata | undefined,
  table: string,
): RunFailure | null {
  const field = `${table}.${column}`;
  if (found === undefined) {
    const message = `Dynamics 365 has no column ${field}`;
    return { code: 'columnMissing', system: 'dynamics', message, field };
  }
  if (types.includes(found.type)) {
    const message = `The column ${field} is read-only or calculated: nothing can be written there`;
    return found.creatable
      ? null
      : { code: 'configurationInvalid', system: 'dynamics', message, field };
  }
  const message = `The column ${field} is of the type ${found.type}, not ${types.join(' or ')}`;
  return { code: 'columnTypeChanged', system: 'dynamics', message, field };
}
