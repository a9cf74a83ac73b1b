import type { ServerResponse } from 'node:http';
import { sendJson, startServer, type Seen } from '@landbridge/testing/tiny-server';
import type { TableShape } from '../src/client.ts';
import { createDynamicsClient, type DynamicsClientOptions } from '../src/index.ts';

export const ID = '60c4e274-0000-4000-8000-000000000001';
export const OTHER_ID = '2e451703-0000-4000-8000-000000000002';
export const SECRET = 'a-secret-nobody-may-see';
export const CONTACT: TableShape = {
  table: 'contact',
  entitySet: 'contacts',
  primaryId: 'contactid',
  columns: [],
};

type Reply = (seen: Seen, response: ServerResponse) => void;

/**
 * An environment and its authority on one server. `answer` gets what is asked with a good token;
 * tokens are t1, t2, … and `refuse` makes those handed out so far worthless.
 */
export async function startStandIn(
  answer: Reply,
  options: Partial<DynamicsClientOptions> & { entra?: Reply } = {},
) {
  const tokens = { minted: 0, refusedTo: 0 };
  const grant: Reply =
    options.entra ??
    ((_, response) => {
      tokens.minted += 1;
      sendJson(response, { access_token: `t${tokens.minted}`, expires_in: 3_599 });
    });
  const server = await startServer((seen, response) => {
    if (seen.url.endsWith('/oauth2/v2.0/token')) {
      grant(seen, response);
      return;
    }
    const token = Number(/^Bearer t(\d+)$/.exec(seen.headers.authorization ?? '')?.[1] ?? 0);
    if (token > tokens.refusedTo) {
      answer(seen, response);
      return;
    }
    response.writeHead(401, { 'www-authenticate': 'Bearer' });
    response.end('<html>sign in</html>');
  });
  const client = createDynamicsClient({
    connection: {
      url: `${server.origin}/`,
      tenantId: 'tenant',
      clientId: 'app',
      clientSecret: SECRET,
      authority: server.origin,
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
    asked: () => server.seen.filter(({ url }) => !url.endsWith('/token')),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await client.close();
    },
  };
}

export const page = (rows: object[], links: object = {}) => ({ value: rows, ...links });

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
