import { ConnectionName, InstanceSettings, Revision } from '@landbridge/contracts';
import { z } from 'zod';

const Named = { name: z.string(), production: z.boolean() };

/** What happened to an instance and its connections, on the stream `instance-<instance>`. */
export const InstanceEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('InstanceRegistered'), ...Named }),
  z.object({ type: z.literal('InstanceChanged'), ...Named }),
  z.object({ type: z.literal('InstanceRemoved') }),
  z.object({
    type: z.literal('ConnectionChanged'),
    connection: ConnectionName,
    /** Everything but the secrets. */
    fields: z.record(z.string(), z.json()),
    /** Which secrets are set; never what they are. */
    secretsSet: z.array(z.string()),
  }),
  z.object({
    type: z.literal('SettingsSaved'),
    revision: Revision,
    settings: InstanceSettings,
    /** What they were, so that the history can tell what changed. */
    before: InstanceSettings,
  }),
]);
export type InstanceEvent = z.infer<typeof InstanceEvent>;
