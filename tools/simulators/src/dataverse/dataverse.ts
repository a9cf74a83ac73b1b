import { CallLog } from '../control/call-log.ts';
import { controlDesk, serveControl } from '../control/control-desk.ts';
import { FaultBook } from '../control/fault-book.ts';
import type { Latency } from '../control/fault.schema.ts';
import { Front } from '../http/front.ts';
import { madeUpPeople, type People } from '../people/person.ts';
import { Journal } from '../store/journal.ts';
import { TokenMint } from '../tokens/token-mint.ts';
import { emailActivityTables } from './activity-tables.ts';
import { API_ROOT } from './api-routes.ts';
import { contactTable } from './contact-table.ts';
import { Database } from './database.ts';
import type { DataverseControl, DataverseRow } from './dataverse-control.ts';
import { dataverseService } from './dataverse-service.ts';
import { DATAVERSE_PARAMETERS, dataverseSteering } from './dataverse-steering.ts';
import { DataverseSwitches } from './dataverse-switches.schema.ts';
import type { Environment, SystemIds } from './environment.ts';
import { generatedCells, type Variety } from './generated-cells.ts';
import { LimitKeeper } from './limits.ts';
import { ServiceLimits } from './limits.schema.ts';
import { MULTIPLE, offerMultiple } from './multiple-offer.ts';
import { accountTable, systemTables, vehicleTable } from './other-tables.ts';
import type { Generator } from './row-store.ts';
import type { Table } from './table.ts';

/**
 * `contacts`, `accounts`, `vehicles`: rows generated from `seed`, on demand, so that a million cost
 * no memory. `dataDirectory`: state survives a restart there, whatever ended the process.
 */
export type DataverseOptions = {
  host?: string;
  port?: number;
  controlPort?: number;
  contacts?: number;
  accounts?: number;
  vehicles?: number;
  seed?: number;
  dataDirectory?: string;
  switches?: Partial<DataverseSwitches>;
  limits?: Partial<ServiceLimits>;
  latency?: Latency;
  tokenLifetimeS?: number;
  /** How many of the newest calls the log keeps; 200,000 without it. */
  callsKept?: number;
  /** `edges`: some values are longer than Campaign's attributes. Else all of them fit. */
  variety?: Variety;
};

/** Ready to PUT as the API's `dynamics` connection. */
export type DynamicsConnectionBody = {
  url: string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
  authority: string;
};

export type DataverseSimulator = DataverseControl & {
  readonly url: string;
  readonly authority: string;
  readonly controlUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly connection: DynamicsConnectionBody;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

const IDS: SystemIds = {
  organization: '5a1d7c0e-1b57-4c3f-9e2a-3f6b8d9c0a11',
  user: '7c3f2b9a-90d4-4f0b-8a61-0d5c7e2f4b22',
  team: '2f8e4d6c-3a2b-4e1f-b5c7-9d0e1f2a3b33',
  businessUnit: '9b8a7c6d-5e4f-4a3b-9c2d-1e0f9a8b7c44',
  currency: '3d2c1b0a-9f8e-4d7c-8b6a-5f4e3d2c1b55',
};

/** Two years: generated rows look as if they had come in over that time. */
const SPREAD_MS = 730 * 86_400_000;

/** Starts a stand-in for one Dataverse environment with its Entra token endpoint. */
export async function startDataverse(options: DataverseOptions = {}): Promise<DataverseSimulator> {
  const { host = '127.0.0.1', seed = 1, variety = 'plain' } = options;
  const switches = DataverseSwitches.parse(options.switches ?? {});
  let known: People | null = null;
  const people = (): People => (known ??= madeUpPeople(seed));
  const tables = allTables(switches);
  const lookups = (column: string, _target: string, index: number): string | null =>
    lookupOf(db, options, column, index);
  const generatorFor = (table: Table): Generator => {
    const cells = generatedCells(table, people, seed, variety, lookups);
    return (column, index) => cells.get(column)?.(index) ?? null;
  };
  const journal = new Journal(options.dataDirectory, 'dataverse');
  const db: Database = new Database({ tables, seed, journal, generatorFor });
  fill(db, options);
  db.open();
  const env: Environment = {
    ...{ db, switches, ids: IDS, secretExpired: false, applicationUser: true },
    api: () => `${front.url}${API_ROOT}/`,
    tenantId: '8f14e45f-ceea-467a-9575-2c6a7b3d1e66',
    clientId: '1f0e3dad-9990-4345-b439-6d1b2c4a5f77',
    clientSecret: 'simulated~client.secret',
    tokenLifetimeS: options.tokenLifetimeS ?? 3_599,
  };
  offerMultiple(env);
  const faults = new FaultBook(seed, options.latency ?? 0);
  const log = new CallLog(options.callsKept);
  const mint = new TokenMint(`entra ${seed}`);
  const limits = new LimitKeeper(ServiceLimits.parse(options.limits ?? {}));
  const person = generatorFor(db.get('contact').table);
  const control = dataverseSteering({
    ...{ env, limits, faults, log, mint, person, front: () => front },
  });
  const desk = controlDesk(control, DATAVERSE_PARAMETERS);
  const service = dataverseService({ env, mint, limits, origin: () => front.url });
  const front: Front = new Front({
    ...{ host, service, faults, log, control: desk },
    port: options.port ?? 0,
  });
  await front.open();
  const side = await serveControl(host, options.controlPort ?? 0, desk);
  const { tenantId, clientId, clientSecret } = env;
  const identity = { url: front.url, authority: front.url, tenantId, clientId, clientSecret };
  const close = async (): Promise<void> => {
    await front.shut();
    await side.close();
    db.close();
  };
  return {
    ...control,
    ...identity,
    controlUrl: side.url,
    connection: identity,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function allTables(switches: DataverseSwitches): Table[] {
  const contact = contactTable();
  contact.changeTracking = switches.contactTrackedByDefault;
  if (switches.gdprOptOutColumn) {
    contact.columns.push({ name: 'msdyn_gdproptout', type: 'boolean', default: false });
  }
  return [
    contact,
    accountTable(),
    vehicleTable(),
    ...emailActivityTables(switches),
    ...systemTables(),
  ];
}

/** Where generated rows' lookups lead; null where the table has no rows. */
function lookupOf(
  db: Database,
  options: DataverseOptions,
  column: string,
  index: number,
): string | null {
  const among = (table: string, count: number): string | null =>
    count === 0 ? null : `${table}:${db.get(table).rows.idOf(index % count)}`;
  switch (column) {
    case 'ownerid':
    case 'createdby':
    case 'modifiedby':
    case 'owninguser':
      return `systemuser:${IDS.user}`;
    case 'owningbusinessunit':
      return `businessunit:${IDS.businessUnit}`;
    case 'transactioncurrencyid':
      return `transactioncurrency:${IDS.currency}`;
    case 'parentcustomerid':
    case 'new_account':
      return index % 3 === 0 ? null : among('account', options.accounts ?? 0);
    case 'new_contact':
      return among('contact', options.contacts ?? 0);
    default:
      return null;
  }
}

/** Puts in the rows that are there from the beginning, unless the journal had them. */
function fill(db: Database, options: DataverseOptions): void {
  if (db.get('organization').rows.count > 0) return;
  const add = (table: string, id: string | null, cells: DataverseRow): string => {
    const state = db.get(table);
    return state.rows.idOf(db.create(state, id, cells));
  };
  add('organization', IDS.organization, { name: 'Contoso', expirechangetrackingindays: 7 });
  add('systemuser', IDS.user, { fullname: '# Landbridge', isdisabled: false });
  add('team', IDS.team, { name: 'Contoso' });
  add('businessunit', IDS.businessUnit, { name: 'Contoso' });
  add('transactioncurrency', IDS.currency, { currencyname: 'US Dollar', isocurrencycode: 'USD' });
  for (const name of ['Create', 'Update', ...MULTIPLE]) {
    const message = add('sdkmessage', null, { name });
    if (MULTIPLE.includes(name)) continue;
    for (const { table } of db.tables()) {
      add('sdkmessagefilter', null, {
        primaryobjecttypecode: table.logicalName,
        sdkmessageid: `sdkmessage:${message}`,
      });
    }
  }
  db.addBlock('account', options.accounts ?? 0, SPREAD_MS);
  db.addBlock('contact', options.contacts ?? 0, SPREAD_MS);
  db.addBlock('new_vehicle', options.vehicles ?? 0, SPREAD_MS);
}
