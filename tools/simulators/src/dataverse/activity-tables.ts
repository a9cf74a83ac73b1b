import type { Column, Option } from './column.schema.ts';
import { systemColumns } from './contact-table.ts';
import type { DataverseSwitches } from './dataverse-switches.schema.ts';
import type { Table } from './table.ts';

type Names = {
  label: string;
  code: number;
  /** Table, entity set, column of the moment, and the navigation's ending. */
  table: string;
  entitySet: string;
  date: string;
  navigation: string;
  url?: string;
};

/** The reference's proposal; only the table of sends is confirmed. */
const PROPOSED: Names[] = [
  ['Send', 10_201, 'adobe_emailsend', 'adobe_senton'] as const,
  ['Open', 10_202, 'adobe_emailopen', 'adobe_openedon'] as const,
  ['URL Click', 10_203, 'adobe_emailclick', 'adobe_clickedon'] as const,
  ['Bounce', 10_204, 'adobe_emailbounce', 'adobe_bouncedon'] as const,
].map(([label, code, table, date]) => ({
  ...{ label, code, table, date, entitySet: `${table}s`, navigation: table },
  ...(label === 'URL Click' ? { url: 'adobe_trackingurl' } : {}),
}));

/** What they may just as well be called: another plural, another word, navigations by schema name. */
const OTHER: Names[] = PROPOSED.map((names) => {
  const word = names.label.replaceAll(' ', '');
  if (names.label === 'Send') return names;
  return {
    ...names,
    table: `adobe_email${word.toLowerCase()}`,
    entitySet: `adobe_email${word.toLowerCase()}set`,
    date: `adobe_date${word.toLowerCase()}`,
    navigation: `adobe_Email${word}`,
    ...(names.url === undefined ? {} : { url: 'adobe_urlclicked' }),
  };
});

/** The four activities of Adobe's AppSource solution. */
export function emailActivityTables({
  activityNames,
  sortDateOnActivities,
}: DataverseSwitches): Table[] {
  const sortDate: Column[] = sortDateOnActivities ? [{ name: 'sortdate', type: 'dateTime' }] : [];
  return (activityNames === 'proposed' ? PROPOSED : OTHER).map((names) =>
    activityTable(names, sortDate),
  );
}

const text = (name: string, lengthMax: number, more: Partial<Column> = {}): Column => ({
  ...{ name, type: 'string', lengthMax },
  ...more,
});

function activityTable(names: Names, more: readonly Column[]): Table {
  return {
    logicalName: names.table,
    schemaName: names.navigation,
    entitySet: names.entitySet,
    label: `Adobe Campaign Email ${names.label}`,
    objectTypeCode: names.code,
    primaryId: 'activityid',
    primaryName: 'subject',
    isCustom: true,
    isActivity: true,
    changeTracking: true,
    multiple: true,
    keys: [],
    columns: [
      { name: 'activityid', type: 'uniqueidentifier', update: false, required: 'SystemRequired' },
      text('subject', 400, { required: 'ApplicationRequired' }),
      text('adobe_campaignname', 200, { label: 'Campaign Name' }),
      text('adobe_deliveryname', 200, { label: 'Delivery Name' }),
      text('adobe_mirrorpageurl', 2000, { format: 'Url', label: 'Mirror Page URL' }),
      { name: names.date, type: 'dateTime' },
      ...(names.url === undefined
        ? []
        : [text(names.url, 2000, { format: 'Url', label: 'Tracking URL' })]),
      ...more,
      regarding(names.navigation),
      { name: 'statecode', type: 'state', options: STATES, create: false },
      { name: 'statuscode', type: 'status', options: STATUSES },
      ...systemColumns().map((column): Column =>
        column.name === 'ownerid'
          ? { ...column, navigation: { systemuser: `ownerid_${names.navigation}` } }
          : column,
      ),
    ],
  };
}

function regarding(ending: string): Column {
  return {
    name: 'regardingobjectid',
    type: 'lookup',
    targets: ['contact', 'account'],
    navigation: {
      contact: `regardingobjectid_contact_${ending}`,
      account: `regardingobjectid_account_${ending}`,
    },
  };
}

const LABELS = ['Open', 'Completed', 'Canceled', 'Scheduled'];
const STATES: Option[] = LABELS.map((label, value) => ({ value, label }));
const STATUSES: Option[] = LABELS.map((label, state) => ({ value: state + 1, label, state }));
