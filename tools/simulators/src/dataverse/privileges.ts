import { json, type Reply } from '../http/exchange.ts';
import type { Database, TableState } from './database.ts';
import { DataverseRefusal, missingPrivilege, rowAbsent } from './dataverse-errors.ts';
import { PRIVILEGES, type Privilege } from './dataverse-control.ts';
import type { Environment } from './environment.ts';
import { metadataId, type Json } from './table-metadata.ts';
import type { Table } from './table.ts';

const TYPES: Readonly<Record<Privilege, string>> = {
  ...{ read: 'Read', create: 'Create', write: 'Write', delete: 'Delete' },
  ...{ append: 'Append', appendTo: 'AppendTo' },
};

/** Activities may have privileges of their own, or share those of `Activity`. */
const sharesPrivileges = ({ switches }: Pick<Environment, 'switches'>, { isActivity }: Table) =>
  isActivity && switches.activityPrivileges === 'shared';

function nameOf(env: Pick<Environment, 'switches'>, table: Table, privilege: Privilege): string {
  const of = sharesPrivileges(env, table) ? 'Activity' : table.schemaName;
  return `prv${TYPES[privilege]}${of}`;
}

/** Throws  DataverseRefusal when the application user lacks the privilege. */
export function requirePrivilege(env: Environment, state: TableState, privilege: Privilege): void {
  if (state.privileges.has(privilege)) return;
  throw missingPrivilege(nameOf(env, state.table, privilege), state.table, env.ids.user);
}

/** The tables that one privilege is about: one, or all activities. */
export function underOnePrivilege(
  { db, switches }: { db: Database } & Pick<Environment, 'switches'>,
  { table }: TableState,
): TableState[] {
  return db
    .tables()
    .filter((one) =>
      sharesPrivileges({ switches }, table) ? one.table.isActivity : one.table === table,
    );
}

/** What `EntityDefinitions` says of a table's privileges. */
export function privilegesJson(env: Environment, table: Table): Json[] {
  return PRIVILEGES.map((privilege) => {
    const name = nameOf(env, table, privilege);
    return {
      ...{ CanBeBasic: true, CanBeDeep: true, CanBeGlobal: true, CanBeLocal: true },
      ...{ CanBeEntityReference: false, CanBeParentEntityReference: false },
      ...{ Name: name, PrivilegeId: metadataId(name), PrivilegeType: TYPES[privilege] },
    };
  });
}

export const USER_PRIVILEGES = 'Microsoft.Dynamics.CRM.RetrieveUserPrivileges';

/** `GET systemusers(…)/Microsoft.Dynamics.CRM.RetrieveUserPrivileges`. Throws  DataverseRefusal. */
export function userPrivileges(env: Environment, userId: string): Reply {
  if (userId.toLowerCase() !== env.ids.user) throw rowAbsent('systemuser', userId);
  if (env.switches.tellsPrivileges === 'nobody') {
    throw new DataverseRefusal(
      403,
      '0x80040220',
      `Principal user (Id=${userId}) is missing prvReadRole privilege on OTC=1036 for entity 'role'.`,
    );
  }
  const held = new Map<string, Json>();
  for (const { table, privileges } of env.db.tables()) {
    for (const privilege of privileges) {
      const name = nameOf(env, table, privilege);
      held.set(name, {
        Depth: 'Global',
        PrivilegeId: metadataId(name),
        BusinessUnitId: env.ids.businessUnit,
        ...(env.switches.privilegeNames ? { PrivilegeName: name } : {}),
      });
    }
  }
  return json(200, {
    '@odata.context': `${env.api()}$metadata#Microsoft.Dynamics.CRM.RetrieveUserPrivilegesResponse`,
    RolePrivileges: [...held.values()],
  });
}
