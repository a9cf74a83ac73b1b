import type { CampaignConnection } from '@landbridge/contracts';
import { createTokenSource, type HttpLimits, type TokenSource } from '@landbridge/vendor-http';
import { createIms } from './ims.ts';

/** The tokens of one technical account, for as many clients as speak in its name. */
export type CampaignTokens = TokenSource & { close(): Promise<void> };

export const DEFAULT_LIMITS: HttpLimits = {
  connectionsMax: 16,
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 60_000,
  bodyTimeoutMs: 60_000,
};

/**
 * Share it between the client of an instance and its journal, since Adobe throttles whoever asks
 * for too many tokens. Whoever creates it closes it, after the clients.
 */
export function createCampaignTokens(
  connection: CampaignConnection,
  limits: HttpLimits = DEFAULT_LIMITS,
): CampaignTokens {
  const ims = createIms(connection, limits);
  return { ...createTokenSource(ims.mint), close: () => ims.close() };
}
