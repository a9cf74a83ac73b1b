import type { ServerResponse } from 'node:http';
import { sendJson, startServer, type Seen } from '@landbridge/testing/tiny-server';
import { createCampaignClient, type CampaignClientOptions } from '../src/index.ts';

export const SECRET = 'a-secret-nobody-may-see';
export const PROFILE = { resource: 'profile', endpoint: 'profileAndServicesExt' } as const;
export const ABSENT = "RST-360011 Unable to find document with path 'Profile' from key 'x:0'";

type Reply = (seen: Seen, response: ServerResponse) => void;

/**
 * An instance and IMS on one server. `answer` gets what is asked with a good token; tokens are
 * t1, t2, … and `refuse` makes those handed out so far worthless.
 */
export async function startStandIn(
  answer: Reply,
  options: Partial<CampaignClientOptions> & { ims?: Reply } = {},
) {
  const tokens = { minted: 0, refusedTo: 0 };
  const grant: Reply =
    options.ims ??
    ((_, response) => {
      tokens.minted += 1;
      const access_token = `t${tokens.minted}`;
      sendJson(response, { access_token, token_type: 'bearer', expires_in: 86_399 });
    });
  const server = await startServer((seen, response) => {
    if (seen.url.startsWith('/ims/')) {
      grant(seen, response);
      return;
    }
    const token = Number(/^Bearer t(\d+)$/.exec(seen.headers.authorization ?? '')?.[1] ?? 0);
    if (token > tokens.refusedTo) {
      answer(seen, response);
      return;
    }
    const body = { error_code: '401013', message: 'Oauth token is not valid' };
    sendJson(response, body, { status: 401 });
  });
  const client = createCampaignClient({
    connection: {
      url: `${server.origin}/acme`,
      organizationId: 'org',
      clientId: 'app',
      clientSecret: SECRET,
      scopes: ['openid', 'campaign_sdk'],
      imsUrl: server.origin,
    },
    ...options,
  });
  return {
    server,
    client,
    tokens,
    refuse: (upTo: number) => {
      tokens.refusedTo = upTo;
    },
    asked: () => server.seen.filter(({ url }) => !url.startsWith('/ims/')),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await client.close();
    },
  };
}

/** Everything that a logger would print of an error, its causes included. */
export function printed(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const fields = JSON.stringify(error);
  return `${error.message} ${error.stack ?? ''} ${fields} ${printed(error.cause ?? '')}`;
}

export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail');
}
