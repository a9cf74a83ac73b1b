import {
  DEFAULT_INSTANCE_SETTINGS,
  Revision,
  type ConnectionName,
  type InstanceBody,
  type InstanceSettings,
} from '@landbridge/contracts';
import type { z } from 'zod';
import { CommandRefused, RevisionStale } from '../errors.ts';
import type { Logged } from '../projections/logged.ts';
import { isSameContent } from '../workflows/same-content.ts';
import type { InstanceEvent } from './instance.events.ts';

type Fields = Record<string, z.core.util.JSONType>;

export type InstanceCommand =
  | { type: 'Put'; body: InstanceBody }
  /** `running`: its workflows that are not stopped. */
  | { type: 'Remove'; running: readonly string[] }
  | {
      type: 'ChangeConnection';
      connection: ConnectionName;
      fields: Fields;
      secretsSet: string[];
    }
  | { type: 'SaveSettings'; settings: InstanceSettings; expected: Revision };

/** One connection as the log knows it. */
export interface KnownConnection {
  fields: Fields;
  secretsSet: string[];
  changedAt: Date;
  changedBy: string;
}

export interface InstanceState {
  /** Null: never registered, or removed. */
  body: InstanceBody | null;
  /** Where in the log it was registered last: what is older is of another instance of this name. */
  registeredAt: bigint;
  connections: Readonly<Partial<Record<ConnectionName, KnownConnection>>>;
  /** Revision 0: the defaults, which nobody saved. */
  settings: InstanceSettings;
  settingsRevision: Revision;
}

export const NO_INSTANCE: InstanceState = {
  body: null,
  registeredAt: 0n,
  connections: {},
  settings: DEFAULT_INSTANCE_SETTINGS,
  settingsRevision: Revision.parse(0),
};

/** Throws  CommandRefused, RevisionStale. */
export function decideInstance(command: InstanceCommand, state: InstanceState): InstanceEvent[] {
  switch (command.type) {
    case 'Put': {
      if (state.body === null) return [{ type: 'InstanceRegistered', ...command.body }];
      if (isSameContent(state.body, command.body)) return [];
      return [{ type: 'InstanceChanged', ...command.body }];
    }
    case 'Remove': {
      if (state.body === null) return [];
      const [first] = command.running;
      if (first !== undefined) {
        throw new CommandRefused('Remove', `Its workflow ${first} is not stopped. Stop it first.`);
      }
      return [{ type: 'InstanceRemoved' }];
    }
    case 'ChangeConnection': {
      if (state.body === null) {
        throw new CommandRefused('ChangeConnection', 'The instance does not exist.');
      }
      const { connection, fields, secretsSet } = command;
      return [{ type: 'ConnectionChanged', connection, fields, secretsSet }];
    }
    case 'SaveSettings': {
      const { settings, expected } = command;
      if (state.body === null) {
        throw new CommandRefused('SaveSettings', 'The instance does not exist.');
      }
      if (expected !== state.settingsRevision) {
        throw new RevisionStale(expected, state.settingsRevision);
      }
      if (isSameContent(settings, state.settings)) return [];
      const revision = Revision.parse(state.settingsRevision + 1);
      return [{ type: 'SettingsSaved', revision, settings, before: state.settings }];
    }
  }
}

/** What an instance is after a fact. */
export function foldInstance(state: InstanceState, logged: Logged<InstanceEvent>): InstanceState {
  const { event, at, by, position } = logged;
  switch (event.type) {
    case 'InstanceRegistered':
      return {
        ...NO_INSTANCE,
        body: { name: event.name, production: event.production },
        registeredAt: position,
      };
    case 'InstanceChanged':
      return { ...state, body: { name: event.name, production: event.production } };
    case 'InstanceRemoved':
      return NO_INSTANCE;
    case 'ConnectionChanged': {
      const { connection, fields, secretsSet } = event;
      const known = { fields, secretsSet, changedAt: at, changedBy: by };
      return { ...state, connections: { ...state.connections, [connection]: known } };
    }
    case 'SettingsSaved':
      return { ...state, settings: event.settings, settingsRevision: event.revision };
  }
}
