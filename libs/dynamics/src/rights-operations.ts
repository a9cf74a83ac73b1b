import { z } from 'zod';
import type { Dataverse } from './dataverse.ts';
import { guidOf, literalOf } from './query.ts';
import {
  ACCESSES,
  type Access,
  type DynamicsRights,
  type HeldRight,
  type Reach,
} from './rights.ts';

const RawWho = z.object({ UserId: z.string() });
const RawHeld = z.object({
  RolePrivileges: z.array(
    z.object({ PrivilegeId: z.string(), Depth: z.union([z.string(), z.number()]).nullish() }),
  ),
});
const RawTablePrivileges = z.object({
  Privileges: z.array(
    z.object({ Name: z.string(), PrivilegeId: z.string(), PrivilegeType: z.string() }),
  ),
});

const ACCESS_BY_TYPE = new Map<string, Access>(
  ACCESSES.map((access) => [access.toLowerCase(), access]),
);
/** By the name or the number of a depth; what is neither reaches some rows. */
const REACHES: Readonly<Record<string, Reach>> = {
  Basic: 'own',
  0: 'own',
  Global: 'all',
  3: 'all',
};

export function rightsOperations({ address, operation }: Dataverse): DynamicsRights {
  return {
    rightsOn: (table, { signal } = {}) =>
      operation(async (ask) => {
        const at = (path: string) => `${address.apiPath}${path}`;
        const who = await ask.json({ path: at('WhoAmI'), shown: 'WhoAmI', signal }, RawWho);
        const call = 'Microsoft.Dynamics.CRM.RetrieveUserPrivileges';
        const definition = `EntityDefinitions(LogicalName=${literalOf(table)})`;
        const [held, { Privileges: known }] = await Promise.all([
          ask.json(
            {
              path: at(`systemusers(${guidOf(who.UserId)})/${call}`),
              shown: `systemusers({id})/${call}`,
              signal,
            },
            RawHeld,
          ),
          ask.json(
            {
              path: at(`${definition}?$select=LogicalName,Privileges`),
              shown: `EntityDefinitions(${table})`,
              signal,
            },
            RawTablePrivileges,
          ),
        ]);
        const reaches = reachesOf(held);
        return new Map(
          known.flatMap(({ Name, PrivilegeId, PrivilegeType }): [Access, HeldRight][] => {
            const access = ACCESS_BY_TYPE.get(PrivilegeType.toLowerCase());
            const reach = reaches.get(PrivilegeId.toLowerCase()) ?? null;
            return access === undefined ? [] : [[access, { privilege: Name, reach }]];
          }),
        );
      }),
  };
}

/** The widest reach of each privilege: roles and teams may each grant it. */
function reachesOf({ RolePrivileges }: z.infer<typeof RawHeld>): Map<string, Reach> {
  const ranks: readonly Reach[] = ['own', 'some', 'all'];
  const reaches = new Map<string, Reach>();
  for (const { PrivilegeId, Depth } of RolePrivileges) {
    const id = PrivilegeId.toLowerCase();
    const reach = REACHES[String(Depth)] ?? 'some';
    const known = reaches.get(id) ?? null;
    if (ranks.indexOf(reach) > ranks.indexOf(known)) reaches.set(id, reach);
  }
  return reaches;
}
