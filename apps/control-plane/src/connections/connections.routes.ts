import {
  CampaignConnection,
  type ConnectionName,
  type Connections,
  ConnectionTest,
  DynamicsConnection,
  InstanceId,
  SECRET_FIELDS,
  SftpConnection,
  Timestamp,
} from '@landbridge/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../access/guard.ts';
import type { ConnectionRecord, ControlPlane } from '../control-plane.ts';
import { NotFound } from '../errors.ts';
import { InvalidRequest } from '../invalid-request.ts';
import type { Clients } from '../metadata/clients.ts';
import type { Systems } from '../metadata/systems.ts';
import { HttpProblem } from '../problems.ts';
import { contextOf, refuseBody } from '../request-context.ts';
import { testCampaign } from './test-campaign.ts';
import { testDynamics } from './test-dynamics.ts';
import { testSftp } from './test-sftp.ts';
import type { Uses } from './uses.ts';

const Params = z.object({ instance: InstanceId });

/** What is known of a connection beside its own fields; secrets by name only. */
const Kept = z.object({
  secretsSet: z.array(z.string()),
  changedAt: Timestamp,
  changedBy: z.string(),
});

const DynamicsView = z
  .object({ ...DynamicsConnection.omit({ clientSecret: true }).shape, ...Kept.shape })
  .meta({ id: 'DynamicsConnectionView' });
const CampaignView = z
  .object({ ...CampaignConnection.omit({ clientSecret: true }).shape, ...Kept.shape })
  .meta({ id: 'CampaignConnectionView' });
const SftpView = z
  .object({ ...SftpConnection.omit({ privateKey: true }).shape, ...Kept.shape })
  .meta({ id: 'SftpConnectionView' });

interface Options {
  controlPlane: ControlPlane;
  systems: Systems;
  clients: Pick<Clients, 'sftp' | 'journal'>;
}

/** What differs between the connections. A kept secret is never sent to a changed address. */
interface Kind<Name extends ConnectionName> {
  name: Name;
  title: string;
  /** The connection as it is set; its secret may be left out where one is kept. */
  body: z.ZodType<object>;
  whole: z.ZodType<NonNullable<Connections[Name]>>;
  view: z.ZodType<object>;
  addresses: readonly string[];
}

const fieldOf = (value: object | undefined, name: string): unknown =>
  value === undefined ? undefined : Reflect.get(value, name);

/** The connection with the secrets that are kept already where the caller left them out. */
function withKeptSecrets<Name extends ConnectionName>(
  kind: Kind<Name>,
  body: object,
  kept: object | undefined,
): NonNullable<Connections[Name]> {
  const left = SECRET_FIELDS[kind.name].filter((secret) => fieldOf(body, secret) === undefined);
  const moved = kind.addresses.some((field) => fieldOf(body, field) !== fieldOf(kept, field));
  if (left.length > 0 && (kept === undefined || moved)) {
    const why = kept === undefined ? 'is required' : 'is required again: the address changed';
    throw new InvalidRequest(
      'body',
      left.map((secret) => ({ pointer: `/${secret}`, message: why })),
    );
  }
  const secrets = left.map((secret) => [secret, fieldOf(kept, secret)]);
  return kind.whole.parse({ ...body, ...Object.fromEntries(secrets) });
}

const viewOf = (view: z.ZodType<object>, record: ConnectionRecord): object =>
  view.parse({
    ...record.fields,
    secretsSet: record.secretsSet,
    changedAt: record.changedAt,
    changedBy: record.changedBy,
  });

/** Reading and setting one connection. */
const connectionRoutes =
  <Name extends ConnectionName>(kind: Kind<Name>): FastifyPluginAsyncZod<Options> =>
  async (app, { controlPlane: { connections } }) => {
    const url = `/instances/:instance/connections/${kind.name}`;
    app.get(
      url,
      {
        onRequest: requireRole('viewer'),
        schema: {
          summary: `The connection to ${kind.title}, without its secrets`,
          tags: ['connections'],
          params: Params,
          response: { 200: kind.view },
        },
      },
      async (request) => {
        const record = await connections.get(request.params.instance, kind.name);
        if (record === null) throw new NotFound(`connection ${kind.name} yet: it is not set`);
        return viewOf(kind.view, record);
      },
    );

    app.put(
      url,
      {
        onRequest: requireRole('admin'),
        schema: {
          summary: `Set the connection to ${kind.title}; a secret left out stays as it is`,
          tags: ['connections'],
          params: Params,
          body: kind.body,
          response: { 200: kind.view },
        },
      },
      async (request) => {
        const { instance } = request.params;
        const kept = (await connections.reveal(instance))[kind.name];
        const connection = withKeptSecrets(kind, request.body, kept);
        const record = await connections.put(instance, kind.name, connection, contextOf(request));
        return viewOf(kind.view, record);
      },
    );
  };

/** Trying what a connection is needed for. */
const testRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  const { controlPlane, systems, clients } = options;
  const { workflows } = controlPlane;
  const usesOf = async (instance: InstanceId): Promise<Uses> => {
    const [ingress, egress, optin] = await Promise.all([
      workflows.configuration({ instance, workflow: 'ingress' }),
      workflows.configuration({ instance, workflow: 'egress' }),
      workflows.configuration({ instance, workflow: 'optin' }),
    ]);
    return {
      ingress: ingress.configuration,
      egress: egress.configuration,
      optin: optin.configuration,
    };
  };
  const schema = {
    tags: ['connections'],
    params: Params,
    response: { 200: ConnectionTest },
  };
  const config = { problems: ['connection-missing'] } as const;

  app.post(
    '/instances/:instance/connections/dynamics/test',
    {
      onRequest: requireRole('admin'),
      config,
      schema: { ...schema, summary: 'Try each right that is needed in Dynamics 365' },
    },
    async (request) => {
      refuseBody(request);
      const { instance } = request.params;
      const uses = await usesOf(instance);
      return testDynamics((await systems.dynamics(instance)).client, uses);
    },
  );

  app.post(
    '/instances/:instance/connections/campaign/test',
    {
      onRequest: requireRole('admin'),
      config,
      schema: {
        ...schema,
        summary: 'Try each right that is needed in Campaign; no record is changed',
      },
    },
    async (request) => {
      refuseBody(request);
      const { instance } = request.params;
      const uses = await usesOf(instance);
      const { client } = await systems.campaign(instance);
      const { campaign } = await controlPlane.connections.reveal(instance);
      const eventsUrl = campaign?.eventsUrl;
      const journal =
        campaign === undefined || eventsUrl === undefined
          ? null
          : clients.journal({ ...campaign, eventsUrl });
      try {
        return await testCampaign(client, journal, uses);
      } finally {
        await journal?.close();
      }
    },
  );

  app.post(
    '/instances/:instance/connections/sftp/test',
    {
      onRequest: requireRole('admin'),
      config,
      schema: { ...schema, summary: 'Try each right that is needed on the SFTP server' },
    },
    async (request) => {
      refuseBody(request);
      const { instance } = request.params;
      const connection = (await controlPlane.connections.reveal(instance)).sftp;
      if (connection === undefined) {
        const detail = 'The connection sftp of this instance is not set.';
        throw new HttpProblem({ kind: 'connection-missing', detail });
      }
      const uses = await usesOf(instance);
      const client = clients.sftp(connection);
      try {
        return await testSftp(client, connection, uses);
      } finally {
        await client.close();
      }
    },
  );
};

/** The connections of an instance: set, shown without secrets, tried. */
export const connectionsRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  // Not `options` itself, which carries the prefix that was applied already.
  const { controlPlane, systems, clients } = options;
  const seam: Options = { controlPlane, systems, clients };
  await app.register(
    connectionRoutes({
      name: 'dynamics',
      title: 'Dynamics 365',
      body: DynamicsConnection.partial({ clientSecret: true }).meta({
        id: 'DynamicsConnectionBody',
      }),
      whole: DynamicsConnection,
      view: DynamicsView,
      addresses: ['url', 'authority', 'tenantId'],
    }),
    seam,
  );
  await app.register(
    connectionRoutes({
      name: 'campaign',
      title: 'Campaign',
      body: CampaignConnection.partial({ clientSecret: true }).meta({
        id: 'CampaignConnectionBody',
      }),
      whole: CampaignConnection,
      view: CampaignView,
      addresses: ['url', 'imsUrl', 'eventsUrl'],
    }),
    seam,
  );
  await app.register(
    connectionRoutes({
      name: 'sftp',
      title: 'the SFTP server of Campaign',
      body: SftpConnection.partial({ privateKey: true }).meta({ id: 'SftpConnectionBody' }),
      whole: SftpConnection,
      view: SftpView,
      addresses: ['host', 'port'],
    }),
    seam,
  );
  await app.register(testRoutes, seam);
};
