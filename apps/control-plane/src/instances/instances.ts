import {
  SECRET_FIELDS,
  type ConnectionName,
  type Connections,
  type InstanceBody,
  type InstanceId,
  type InstanceView,
} from '@landbridge/contracts';
import { DuplicateEvent, VersionConflict, type Transaction } from '@landbridge/event-log';
import { forgetInstance, seal, type Bus } from '@landbridge/messaging';
import { z } from 'zod';
import type {
  CommandContext,
  ConnectionRecord,
  ControlPlane,
  SavedSettings,
} from '../control-plane.ts';
import { NotFound } from '../errors.ts';
import { derivedId, metadataOf } from '../projections/command-handler.ts';
import { toStored } from '../projections/logged.ts';
import { instanceIn, keysOf, type Stores } from '../projections/stores.ts';
import { instanceStream, verificationsStream, workflowStream } from '../projections/stream-ids.ts';
import { forgetSecrets, keepSecret, revealConnections } from '../secrets/connection-secrets.ts';
import type { VerificationEvent } from '../verifications/verification.events.ts';
import { evolve } from '../workflows/evolve-workflow.ts';
import { statusOf } from '../workflows/run-state.ts';
import { INITIAL_CONFIGURATIONS } from '../workflows/workflow-configuration.ts';
import { decide } from '../workflows/workflow.decider.ts';
import type { WorkflowEvent } from '../workflows/workflow.events.ts';
import { decideInstance, type InstanceCommand, type InstanceState } from './instance.decider.ts';
import type { InstanceEvent } from './instance.events.ts';

/** A service's own deeds, such as the first configuration of a new instance. */
export const CONTROL_PLANE_ACTOR = {
  kind: 'service',
  id: 'control-plane',
  name: 'Landbridge',
} as const;

const ATTEMPTS_MAX = 20;

/** What a command on an instance does beside its own events, within the same transaction. */
interface Deed {
  command: InstanceCommand;
  context: CommandContext;
  alongside: (tx: Transaction, events: InstanceEvent[]) => Promise<void>;
}

export function createInstances(
  stores: Stores,
  { bus, key }: { bus: Bus; key: string },
): Pick<ControlPlane, 'instances' | 'connections' | 'settings'> {
  const { log } = stores;
  const execute = async (instance: InstanceId, deed: Deed): Promise<InstanceState> => {
    const streamId = instanceStream(instance);
    for (let attempt = 1; ; attempt += 1) {
      const { state, version } = await stores.instances.load(streamId);
      const events = decideInstance(deed.command, state);
      if (events.length === 0) return state;
      try {
        await log.transaction(async (tx) => {
          await deed.alongside(tx, events);
          const stored = events.map((event) =>
            toStored(event, eventId(deed, streamId), metadataOf(deed.context)),
          );
          await tx.append(streamId, version, stored);
        });
      } catch (error) {
        if (error instanceof VersionConflict && attempt < ATTEMPTS_MAX) continue;
        if (!(error instanceof DuplicateEvent)) throw error;
      }
      return (await stores.instances.load(streamId)).state;
    }
  };

  return {
    instances: {
      list: async () =>
        [...(await stores.directory.load())]
          .map(([instance, state]) => toView(instance, state))
          .sort((one, other) => (one.instance < other.instance ? -1 : 1)),
      get: async (instance) => toView(instance, await instanceIn(stores, instance)),
      put: async (instance, body, context) => {
        let created = false;
        const state = await execute(instance, {
          command: { type: 'Put', body },
          context,
          alongside: async (tx, events) => {
            created = events.some(({ type }) => type === 'InstanceRegistered');
            if (created) await beginAnew(stores, tx, instance, context);
          },
        });
        return { created, view: toView(instance, state) };
      },
      remove: async (instance, context) => {
        await instanceIn(stores, instance);
        await execute(instance, {
          command: { type: 'Remove', running: await notStopped(stores, instance) },
          context,
          alongside: (tx) => forgetSecrets(tx, instance),
        });
        // At once, so that it can be registered anew; what fails is done from the log.
        await forgetInstance(bus, instance).catch((err: unknown) => {
          bus.log.warn({ err, instance }, 'a removed instance is forgotten in NATS later');
        });
      },
    },
    connections: {
      get: async (instance, name) => toRecord(await instanceIn(stores, instance), name),
      put: async (instance, name, connection, context) => {
        await instanceIn(stores, instance);
        const { fields, secretsSet } = withoutSecrets(name, connection);
        const sealed = await seal({ [name]: connection }, key);
        const state = await execute(instance, {
          command: { type: 'ChangeConnection', connection: name, fields, secretsSet },
          context,
          alongside: (tx) => keepSecret(tx, instance, name, sealed),
        });
        const record = toRecord(state, name);
        if (record === null) throw new NotFound(`connection ${name} of instance ${instance}`);
        return record;
      },
      reveal: async (instance) => {
        await instanceIn(stores, instance);
        return revealConnections(log, instance, key);
      },
    },
    settings: {
      get: async (instance) => toSettings(await instanceIn(stores, instance)),
      save: async (instance, settings, expected, context) => {
        await instanceIn(stores, instance);
        const state = await execute(instance, {
          command: { type: 'SaveSettings', settings, expected },
          context,
          alongside: async () => undefined,
        });
        return toSettings(state);
      },
    },
  };
}

/** A new instance has no secrets and no past, and each workflow begins with a configuration. */
async function beginAnew(
  stores: Stores,
  tx: Transaction,
  instance: InstanceId,
  context: CommandContext,
): Promise<void> {
  await forgetSecrets(tx, instance);
  const metadata = metadataOf({ ...context, actor: CONTROL_PLANE_ACTOR });
  for (const key of keysOf(instance)) {
    const streamId = workflowStream(key);
    const { state, version } = await stores.workflows.load(streamId);
    const begun: WorkflowEvent[] = version === 0 ? [] : [{ type: 'WorkflowBegunAnew' }];
    const configuration = INITIAL_CONFIGURATIONS[key.workflow];
    const replayId = crypto.randomUUID();
    const saved = decide(
      { type: 'SaveConfiguration', configuration, expected: 'any', replayId },
      begun.reduce(evolve, state.state),
    );
    const stored = [...begun, ...saved].map((event) =>
      toStored(event, crypto.randomUUID(), metadata),
    );
    await tx.append(streamId, version, stored);
    await forgetVerifications(stores, tx, verificationsStream(key), metadata);
  }
}

/** Nothing that an earlier instance of this name was compared by is answered, or still on. */
async function forgetVerifications(
  stores: Stores,
  tx: Transaction,
  streamId: string,
  metadata: ReturnType<typeof metadataOf>,
): Promise<void> {
  const { version } = await stores.verifications.load(streamId);
  if (version === 0) return;
  const event: VerificationEvent = { type: 'VerificationsForgotten' };
  await tx.append(streamId, version, [toStored(event, crypto.randomUUID(), metadata)]);
}

async function notStopped(stores: Stores, instance: InstanceId): Promise<string[]> {
  const statuses = await Promise.all(
    keysOf(instance).map(async (workflow) => {
      const { state } = await stores.workflows.load(workflowStream(workflow));
      return { name: workflow.workflow, status: statusOf(state.state.run) };
    }),
  );
  return statuses.filter(({ status }) => status !== 'STOPPED').map(({ name }) => name);
}

const eventId = ({ context, command }: Deed, streamId: string): string =>
  context.idempotencyKey === null
    ? crypto.randomUUID()
    : derivedId(context.idempotencyKey, command.type, streamId);

const Fields = z.record(z.string(), z.json());

function withoutSecrets<Name extends ConnectionName>(
  name: Name,
  connection: NonNullable<Connections[Name]>,
): { fields: z.infer<typeof Fields>; secretsSet: string[] } {
  const secrets: readonly string[] = SECRET_FIELDS[name];
  const set = Object.entries(connection).filter(([, value]) => value !== undefined);
  return {
    fields: Fields.parse(Object.fromEntries(set.filter(([field]) => !secrets.includes(field)))),
    secretsSet: set.map(([field]) => field).filter((field) => secrets.includes(field)),
  };
}

const toView = (instance: InstanceId, { body }: InstanceState): InstanceView => {
  const known: InstanceBody = body ?? { name: instance, production: false };
  return { instance, ...known };
};

const toSettings = ({ settings, settingsRevision }: InstanceState): SavedSettings => ({
  settings,
  revision: settingsRevision,
});

function toRecord({ connections }: InstanceState, name: ConnectionName): ConnectionRecord | null {
  const known = connections[name];
  if (known === undefined) return null;
  const { fields, secretsSet, changedAt, changedBy } = known;
  return { fields, secretsSet, changedAt: changedAt.toISOString(), changedBy };
}
