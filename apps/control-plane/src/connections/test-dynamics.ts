import type { ConnectionTest } from '@landbridge/contracts';
import {
  ChangeTrackingOff,
  DataverseRequestError,
  DynamicsCredentialsRefused,
  DynamicsUnreachable,
  isDynamicsError,
} from '@landbridge/dynamics';
import { inTime } from '../metadata/systems.ts';
import type { DynamicsReader } from '../metadata/clients.ts';
import { RightMissing, runSteps, type Explain, type Step } from './checks.ts';
import { dynamicsNeeds, stepsOfBulk, stepsOfOptouts, stepsOfRights } from './dynamics-rights.ts';
import type { Uses } from './uses.ts';

/** What Entra's codes ask an administrator to do. Source: Entra's AADSTS error list. */
const ENTRA_REMEDIES: Readonly<Record<number, string>> = {
  7000215:
    'The client secret is wrong. Copy the secret’s value (not its id) from Entra, App registrations, Certificates & secrets, and save it here again.',
  7000222:
    'The client secret has expired. Make a new one in Entra, App registrations, Certificates & secrets, and save its value here.',
  7000218: 'No client secret was sent. Save it here.',
  700016:
    'The tenant does not know the client id. Check both against the app registration’s Overview page in Entra.',
  90002: 'There is no such tenant. Check the tenant id on the Overview page of Entra.',
};

const NO_APPLICATION_USER = '0x80072560';
const APPLICATION_USER_REMEDY =
  'Make an application user for this client id: Power Platform admin center, the environment, Settings, Users + permissions, Application users, New app user; give it a security role.';
const READ_REMEDY = (table: string): string =>
  `Give the application user’s security role the right Read on ${table} with the scope Organization: Power Platform admin center, the environment, Settings, Security roles.`;
const TRACKING_REMEDY = (table: string): string =>
  `Switch on change tracking for ${table}: Power Apps, Tables, ${table}, Properties, Advanced options, Track changes. It cannot be switched off again.`;

const credentialsRemedy = (error: DynamicsCredentialsRefused): string =>
  error.entraCodes.map((code) => ENTRA_REMEDIES[code]).find((remedy) => remedy !== undefined) ??
  'Check tenant id, client id and client secret against the app registration in Entra, and that the environment’s URL belongs to this tenant.';

/** Which of the two hosts was silent is in the message. */
const UNREACHABLE_REMEDY =
  'Check the URL, such as https://contoso.crm.dynamics.com, and that this server may reach it and login.microsoftonline.com, or the authority that is set instead.';

/** The privilege's name alone: the rest of the vendor's words may be personal. */
function privilegeRemedy({ vendorText }: DataverseRequestError): string {
  const privilege = /\bprv[A-Za-z_0-9]{1,100}/.exec(vendorText)?.[0];
  return privilege === undefined
    ? READ_REMEDY('every mapped table')
    : `Give the application user’s security role the privilege ${privilege} with the scope Organization: Power Platform admin center, the environment, Settings, Security roles.`;
}

function requestRemedy(error: DataverseRequestError): string {
  if (error.code === NO_APPLICATION_USER) return APPLICATION_USER_REMEDY;
  if (error.kind === 'forbidden') return privilegeRemedy(error);
  if (error.kind === 'notFound') return 'Check the URL and the name of the table.';
  return error.kind === 'throttled' || error.kind === 'transient'
    ? 'Dynamics 365 is busy or down. Try again in a few minutes.'
    : 'Look the code up in the Dataverse error list, or ask the environment’s administrator.';
}

const explain: Explain = (error) => {
  if (!isDynamicsError(error)) return null;
  const message = `${error.message}.`;
  if (error instanceof DynamicsCredentialsRefused) {
    return { message, remedy: credentialsRemedy(error) };
  }
  if (error instanceof DynamicsUnreachable) return { message, remedy: UNREACHABLE_REMEDY };
  if (error instanceof DataverseRequestError) return { message, remedy: requestRemedy(error) };
  if (error instanceof ChangeTrackingOff) return { message, remedy: TRACKING_REMEDY(error.table) };
  return { message, remedy: 'Check the URL: something else than Dynamics 365 seems to answer.' };
};

/** What a mapped table needs: its metadata, change tracking, and the right to read its rows. */
function stepsOfTable(client: DynamicsReader, table: string): Step[] {
  const metadata = () => inTime(async (signal) => (await client.table(table, { signal })).value);
  return [
    {
      check: `metadata:${table}`,
      tryIt: async () => `${(await metadata()).columns.length} columns of ${table} can be seen.`,
    },
    {
      check: `changeTracking:${table}`,
      tryIt: async () => {
        if ((await metadata()).changeTracking) return `Change tracking is on for ${table}.`;
        throw new RightMissing(`Change tracking is off for ${table}.`, TRACKING_REMEDY(table));
      },
    },
    {
      check: `read:${table}`,
      tryIt: async () => {
        const shape = await metadata();
        await inTime((signal) =>
          client.readPage({
            table: shape,
            columns: [shape.primaryId],
            link: null,
            pageRowsMax: 1,
            trackChanges: true,
            signal,
          }),
        );
        return `Rows of ${table} can be read with their changes.`;
      },
    },
  ];
}

const expiryMessage = (days: number | null): string =>
  days === null
    ? 'The environment does not say how long it keeps changes; 7 days is the usual.'
    : `Changes are kept for ${days} days: a stop longer than that leads to a full read.`;

/** Tries what the configured workflows need, and says how to grant what is missing. */
export async function testDynamics(client: DynamicsReader, uses: Uses): Promise<ConnectionTest> {
  const needs = dynamicsNeeds(uses);
  const tracked = uses.ingress.mappings.map(({ dynamicsTable }) => dynamicsTable);
  if (uses.optin.direction === 'bidirectional') tracked.push('contact');
  const nothingElse = tracked.length === 0 && needs.length === 0;
  const tables = nothingElse ? ['contact'] : [...new Set(tracked)];
  const readAlready = new Set(tables.map((table) => `read:${table}`));
  const rights = stepsOfRights(client, needs).filter(({ check }) => !readAlready.has(check));
  const steps: Step[] = [
    {
      check: 'signIn',
      isFoundation: true,
      tryIt: async () => {
        const { value } = await inTime((signal) => client.whoAmI({ signal }));
        return `Signed in as the application user ${value.userId}.`;
      },
    },
    ...tables.flatMap((table) => stepsOfTable(client, table)),
    ...rights,
    ...stepsOfOptouts(client, uses),
    ...stepsOfBulk(client, uses),
    {
      check: 'changeTrackingExpiry',
      tryIt: async () =>
        expiryMessage(
          (await inTime((signal) => client.changeTrackingExpiryDays({ signal }))).value,
        ),
    },
  ];
  return runSteps(steps, explain);
}
