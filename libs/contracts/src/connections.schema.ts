import { z } from 'zod';

/** Addresses are shown and kept for good, so no secret may stand in one. */
const HttpUrl = z
  .url({ protocol: /^https?$/, message: 'must be an http or https URL', abort: true })
  .refine(hasNoUserInfo, {
    message: 'must hold no user name or password: those go in clientId and clientSecret',
  });
const Secret = z.string().min(1).max(16_384);

export const ConnectionName = z.enum(['dynamics', 'campaign', 'sftp']);
export type ConnectionName = z.infer<typeof ConnectionName>;

/** `authority`: where tokens are asked for instead of https://login.microsoftonline.com. */
export const DynamicsConnection = z
  .strictObject({
    url: HttpUrl,
    tenantId: z.string().min(1).max(256),
    clientId: z.string().min(1).max(256),
    clientSecret: Secret,
    authority: HttpUrl.optional(),
  })
  .meta({ id: 'DynamicsConnection' });
export type DynamicsConnection = z.infer<typeof DynamicsConnection>;

/** `imsUrl`: where tokens are asked for instead of Adobe's IMS; `eventsUrl`: the journal. */
export const CampaignConnection = z
  .strictObject({
    url: HttpUrl,
    organizationId: z.string().min(1).max(256),
    clientId: z.string().min(1).max(256),
    clientSecret: Secret,
    scopes: z.array(z.string().min(1).max(256)).min(1).max(50),
    imsUrl: HttpUrl.optional(),
    eventsUrl: HttpUrl.optional(),
  })
  .meta({ id: 'CampaignConnection' });
export type CampaignConnection = z.infer<typeof CampaignConnection>;

export const SftpConnection = z
  .strictObject({
    host: z.string().min(1).max(253),
    port: z.int().min(1).max(65_535).default(22),
    user: z.string().min(1).max(256),
    privateKey: Secret,
    hostKey: z.string().min(1).max(8_192).optional(),
    directory: z.string().min(1).max(1_024),
  })
  .meta({ id: 'SftpConnection' });
export type SftpConnection = z.infer<typeof SftpConnection>;

/** The fields of each connection that never leave again once they were set. */
export const SECRET_FIELDS = {
  dynamics: ['clientSecret'],
  campaign: ['clientSecret'],
  sftp: ['privateKey'],
} as const satisfies Record<ConnectionName, readonly string[]>;

/** What the control plane seals for the services: what is set, and nothing else. */
export const Connections = z.strictObject({
  dynamics: DynamicsConnection.optional(),
  campaign: CampaignConnection.optional(),
  sftp: SftpConnection.optional(),
});
export type Connections = z.infer<typeof Connections>;

function hasNoUserInfo(text: string): boolean {
  const { username, password } = new URL(text);
  return username === '' && password === '';
}
