import type { Access, HeldRight, Reach } from '@landbridge/dynamics';
import type { DynamicsReader } from '../metadata/clients.ts';
import { inTime } from '../metadata/systems.ts';
import { RightMissing, type Step } from './checks.ts';
import { kindsOn, type Uses, writesOptouts } from './uses.ts';

/** A right on a table; `reach` all: on everybody's rows, and not only on the user's own. */
type Need = { table: string; access: Access; reach: 'own' | 'all' };

const CONTACT = 'contact';
/** What the rights are called in the editor of security roles. */
const NAMES: Readonly<Record<Access, string>> = {
  ...{ read: 'Read', create: 'Create', write: 'Write' },
  ...{ append: 'Append', appendTo: 'Append To' },
};
const SCOPES: Readonly<Record<NonNullable<Reach>, string>> = {
  own: 'User',
  some: 'Business Unit',
  all: 'Organization',
};

/** The rights that egress and Opt-In/Out need beyond what ingress does, each once. */
export function dynamicsNeeds({ egress, optin }: Pick<Uses, 'egress' | 'optin'>): Need[] {
  const tables = new Set(kindsOn(egress).map((kind) => egress.activities[kind].table));
  const needs: Need[] = [...tables].flatMap((table) => [
    { table, access: 'create', reach: 'own' },
    { table, access: 'append', reach: 'own' },
  ]);
  const writes = writesOptouts(optin).dynamics;
  if (tables.size > 0 || writes) needs.push({ table: CONTACT, access: 'read', reach: 'all' });
  if (tables.size > 0) needs.push({ table: CONTACT, access: 'appendTo', reach: 'all' });
  if (writes) needs.push({ table: CONTACT, access: 'write', reach: 'all' });
  return needs;
}

const remedyFor = ({ table, access, reach }: Need, right: HeldRight | undefined): string => {
  const privilege = right === undefined ? '' : ` (${right.privilege})`;
  return `Give the application user’s security role the right ${NAMES[access]} on ${table}${privilege} with the scope ${reach === 'all' ? SCOPES.all : `${SCOPES.own} or wider`}: Power Platform admin center, the environment, Settings, Security roles. Assign the role to the user itself, not to a team.`;
};

/** Looks each right up in what the user's roles grant. Nothing is written. */
export function stepsOfRights(client: DynamicsReader, needs: readonly Need[]): Step[] {
  const asked = new Map<string, Promise<Map<Access, HeldRight>>>();
  const rightsOn = (table: string): Promise<Map<Access, HeldRight>> => {
    const known =
      asked.get(table) ??
      inTime(async (signal) => (await client.rightsOn(table, { signal })).value);
    asked.set(table, known);
    return known;
  };
  return needs.map((need) => ({
    check: `${need.access}:${need.table}`,
    tryIt: async () => {
      const { table, access, reach } = need;
      const right = (await rightsOn(table)).get(access);
      if (right === undefined || right.reach === null) {
        throw new RightMissing(
          `The application user has not got the right ${NAMES[access]} on ${table}.`,
          remedyFor(need, right),
        );
      }
      if (reach === 'own' || right.reach === 'all') {
        return `The right ${NAMES[access]} on ${table} is granted.`;
      }
      throw new RightMissing(
        `The right ${NAMES[access]} on ${table} has the scope ${SCOPES[right.reach]} alone.`,
        remedyFor(need, right),
      );
    },
  }));
}

/** Reads a contact with the columns that opt-outs stand in; a secured column shows here. */
export function stepsOfOptouts(client: DynamicsReader, { optin }: Pick<Uses, 'optin'>): Step[] {
  if (!writesOptouts(optin).dynamics) return [];
  const columns = optin.mappings.map(({ dynamics }) => dynamics);
  return [
    {
      check: `columns:${CONTACT}`,
      tryIt: async () => {
        const { value: table } = await inTime((signal) => client.table(CONTACT, { signal }));
        await inTime((signal) => client.lastModified({ table, columns, count: 1, signal }));
        const names = new Set(columns);
        const fixed = table.columns.filter(({ name, updatable }) => names.has(name) && !updatable);
        if (fixed.length === 0) return 'The mapped columns and modifiedon of contact can be read.';
        throw new RightMissing(
          `${fixed.map(({ name }) => `contact.${name}`).join(', ')} cannot be changed by anybody.`,
          'Map a column that is neither calculated nor read-only.',
        );
      },
    },
  ];
}

/** Whether activities can be created in bulk, which the run finds out in the list of messages. */
export function stepsOfBulk(client: DynamicsReader, { egress }: Pick<Uses, 'egress'>): Step[] {
  const [kind] = kindsOn(egress);
  if (kind === undefined) return [];
  const { table } = egress.activities[kind];
  return [
    {
      check: 'read:sdkmessagefilter',
      tryIt: async () => {
        const { value } = await inTime((signal) => client.offersCreateMultiple(table, { signal }));
        return value
          ? `${table} takes many rows at once (CreateMultiple).`
          : `${table} takes many rows as a $batch.`;
      },
    },
  ];
}
