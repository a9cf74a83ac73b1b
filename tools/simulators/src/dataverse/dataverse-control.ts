import type { CallCounts, CallQueryInput, CallRecord } from '../control/call.schema.ts';
import type { FaultRuleInput, FaultRule, Latency } from '../control/fault.schema.ts';
import type { Column, ColumnType } from './column.schema.ts';
import type { CustomTableInput } from './custom-table.ts';
import type { DataverseSwitches } from './dataverse-switches.schema.ts';
import type { ServiceLimits } from './limits.schema.ts';

export type CellValue = string | number | boolean | null;

/** A row by column name: lookups as `_<name>_value`, several choices as `"1,9"`, dates as text. */
export type DataverseRow = Record<string, CellValue>;

export type TimelineEntry = { table: string; at: CellValue; row: DataverseRow };

/** `append` and `appendTo`: the row that a lookup is set on, and the row that it leads to. */
export const PRIVILEGES = ['read', 'create', 'write', 'delete', 'append', 'appendTo'] as const;
export type Privilege = (typeof PRIVILEGES)[number];

/**
 * What a person, an administrator or bad luck does to the Dataverse stand-in. The same methods
 * answer over HTTP: `POST {controlUrl}/_simulator/<method>` with a JSON array of the arguments.
 * Changes made here count as a person's: they move modifiedon and the row version, and cost no call.
 */
export type DataverseControl = {
  /** Creates a contact from the values given and generated ones for the rest; answers its id. */
  createContact(values?: DataverseRow): string;
  changeContact(id: string, values: DataverseRow): void;
  deleteContact(id: string): void;
  contact(id: string): DataverseRow | null;
  contacts(range?: { skip?: number; top?: number }): DataverseRow[];
  contactIds(range?: { skip?: number; top?: number }): string[];
  contactCount(): number;
  /** Generates that many more contacts in one go; they are new rows for a delta. */
  seedContacts(count: number): void;
  /** Changes `count` contacts picked by `seed`, each in the column `jobtitle`; answers their ids. */
  touchContacts(count: number, seed?: number): string[];

  createRow(table: string, values?: DataverseRow): string;
  /** Many at once; answers their ids. */
  createRows(table: string, rows: DataverseRow[]): string[];
  changeRow(table: string, id: string, values: DataverseRow): void;
  deleteRow(table: string, id: string): void;
  row(table: string, id: string): DataverseRow | null;
  rows(table: string, range?: { skip?: number; top?: number }): DataverseRow[];
  rowCount(table: string): number;
  /** The activities regarding a contact, oldest first by the moment that each of them tells. */
  timeline(contactId: string): TimelineEntry[];

  /** Answers the rule's id. Rules are tried in order; the first that matches is taken. */
  addFault(rule: FaultRuleInput): string;
  removeFault(id: string): void;
  clearFaults(): void;
  faults(): (FaultRule & { id: string; met: number })[];
  /** Latency of every call, on top of faults. */
  setLatency(latency: Latency): void;
  /** Access tokens handed out so far are refused with 401 from now on. */
  expireAccessTokens(): void;
  /** Delta tokens handed out so far are too old from now on. */
  expireDeltaTokens(): void;
  setCredentials(credentials: { clientSecret?: string; secretExpired?: boolean }): void;
  /** Connections are refused from now on, until `comeBack`; the control port still answers. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;

  setSwitches(switches: Partial<DataverseSwitches>): void;
  switches(): DataverseSwitches;
  setLimits(limits: Partial<ServiceLimits>): void;
  /** How far the environment's clock is ahead of the machine's; negative: behind. */
  setClockSkew(ms: number): void;

  addColumn(table: string, column: Column): void;
  removeColumn(table: string, column: string): void;
  renameColumn(table: string, column: string, to: string): void;
  retypeColumn(table: string, column: string, type: ColumnType): void;
  setColumnLength(table: string, column: string, lengthMax: number): void;
  setChangeTracking(table: string, enabled: boolean): void;
  /** Whether CreateMultiple and its siblings serve the table, and `sdkmessagefilters` say so. */
  setMultiple(table: string, served: boolean): void;
  /** Makes a customer's own table, with change tracking; id, name and the usual columns come with it. */
  addTable(table: CustomTableInput): void;
  removeTable(table: string): void;
  /** Of all activities where they share their privileges. */
  revokePrivilege(table: string, privilege: Privilege): void;
  grantPrivilege(table: string, privilege: Privilege): void;
  /** Off: the token is good, but no application user belongs to it. */
  setApplicationUser(present: boolean): void;
  setTrackingExpiryDays(days: number): void;

  calls(query?: CallQueryInput): CallRecord[];
  callCounts(): CallCounts;
  resetCalls(): void;
};
