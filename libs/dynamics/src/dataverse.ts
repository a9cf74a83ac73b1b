import {
  createTokenSource,
  lineOf,
  type HttpLimits,
  type HttpReply,
  type HttpRequest,
} from '@landbridge/vendor-http';
import type { z } from 'zod';
import { addressOf, type Address } from './address.ts';
import type { DynamicsClientOptions, Reply } from './client.ts';
import { openDynamicsHttp } from './dynamics-http.ts';
import { createEntra } from './entra.ts';
import {
  DataverseRequestError,
  DynamicsCredentialsRefused,
  DynamicsUnreachable,
  isDynamicsError,
} from './errors.ts';
import { parseExactly } from './exact-json.ts';
import { refusalOf } from './refusal.ts';

/**
 * One request to the environment. `path`: behind the host, encoded; `shown`: what may be said of
 * it; `prefer`: one comma list; `contentType`: of a body that is not JSON.
 */
export type Ask = {
  method?: Exclude<HttpRequest['method'], 'DELETE'>;
  path: string;
  shown: string;
  prefer?: string;
  strong?: boolean;
  body?: string;
  contentType?: string;
  ifMatch?: string;
  signal?: AbortSignal | undefined;
};

/** The requests of one operation, counted together. */
export type Asker = {
  json<T>(ask: Ask, schema: z.ZodType<T>): Promise<T>;
  text(ask: Ask): Promise<string>;
  reply(ask: Ask): Promise<HttpReply>;
};

/** The environment as operations see it: who asks gets an answer in its schema or an error. */
export type Dataverse = {
  address: Address;
  operation: <T>(work: (ask: Asker, meter: { calls: number }) => Promise<T>) => Promise<Reply<T>>;
  close: () => Promise<void>;
};

const LIMITS: HttpLimits = {
  connectionsMax: 16,
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 150_000,
  bodyTimeoutMs: 60_000,
};

export function openDataverse(options: DynamicsClientOptions): Dataverse {
  const limits = limitsOf(options);
  const address = addressOf(options.connection.url);
  const http = openDynamicsHttp(address.origin, limits);
  const entra = createEntra(options.connection, address.scope, limits);
  const tokens = createTokenSource(entra.mint);
  const userAgent = options.userAgent ?? 'Landbridge';

  /** Answers with success; everything else is thrown from within the gate, which may count it. */
  async function send(ask: Ask, token: string): Promise<HttpReply> {
    const request = requestOf(ask, token, userAgent);
    const startedMs = performance.now();
    const reply = await http.send(request);
    const refusal = reply.status >= 200 && reply.status < 300 ? null : refusalOf(reply, Date.now());
    options.log?.debug(
      {
        path: ask.shown,
        status: reply.status,
        requestId: reply.header('x-ms-service-request-id'),
        durationMs: Math.round(performance.now() - startedMs),
      },
      'dataverse answered',
    );
    if (refusal !== null) throw new DataverseRequestError(lineOf(request), refusal);
    return reply;
  }

  async function sendRenewed(ask: Ask, meter: { calls: number }): Promise<HttpReply> {
    const token = await tokens.get(ask.signal);
    const gate = options.gate ?? ((call) => call());
    const attempt = (bearer: string) => gate(() => counted(meter, ask, () => send(ask, bearer)));
    try {
      return await attempt(token);
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
      options.log?.warn(
        { path: ask.shown, err: error },
        'dataverse refused the token; renewing it',
      );
    }
    const renewed = await tokens.renew(token, ask.signal);
    try {
      return await attempt(renewed);
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
      throw new DynamicsCredentialsRefused(
        { code: String(error.status), vendorText: error.vendorText },
        { cause: error },
      );
    }
  }

  return {
    address,
    async operation(work) {
      const meter = { calls: 0 };
      try {
        const asker: Asker = {
          reply: (ask) => sendRenewed(ask, meter),
          text: async (ask) => (await sendRenewed(ask, meter)).text,
          json: async (ask, schema) => readAs(schema, await sendRenewed(ask, meter), ask),
        };
        const value = await work(asker, meter);
        return { value, calls: meter.calls };
      } catch (error) {
        if (isDynamicsError(error)) error.calls = meter.calls;
        throw error;
      }
    },
    async close() {
      await Promise.all([http.close(), entra.close()]);
    },
  };
}

/** A request that never left this machine costs nothing. */
async function counted<T>(meter: { calls: number }, ask: Ask, call: () => Promise<T>): Promise<T> {
  ask.signal?.throwIfAborted();
  meter.calls += 1;
  try {
    return await call();
  } catch (error) {
    if (error instanceof DynamicsUnreachable && error.reason === 'connect') meter.calls -= 1;
    throw error;
  }
}

/** Neither the text nor JSON.parse's own message, which quotes it, may leave in an error. */
function readAs<T>(schema: z.ZodType<T>, reply: HttpReply, ask: Ask): T {
  const line = { method: ask.method ?? 'GET', path: ask.shown };
  let json: unknown;
  try {
    json = parseExactly(reply.text);
  } catch {
    throw new DynamicsUnreachable(line, 'unreadable');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new DynamicsUnreachable(line, 'unreadable', { cause: parsed.error });
  return parsed.data;
}

function isUnauthorized(error: unknown): error is DataverseRequestError {
  return error instanceof DataverseRequestError && error.kind === 'unauthorized';
}

function requestOf(ask: Ask, token: string, userAgent: string): HttpRequest {
  return {
    method: ask.method ?? 'GET',
    path: ask.path,
    shown: ask.shown,
    signal: ask.signal,
    ...(ask.body === undefined ? {} : { body: ask.body }),
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'odata-version': '4.0',
      'odata-maxversion': '4.0',
      'user-agent': userAgent,
      ...(ask.prefer === undefined ? {} : { prefer: ask.prefer }),
      ...(ask.body === undefined ? {} : { 'content-type': ask.contentType ?? 'application/json' }),
      ...(ask.ifMatch === undefined ? {} : { 'if-match': ask.ifMatch }),
      ...(ask.strong === true ? { consistency: 'Strong' } : {}),
    },
  };
}

function limitsOf(options: DynamicsClientOptions): HttpLimits {
  return {
    connectionsMax: options.connectionsMax ?? LIMITS.connectionsMax,
    connectTimeoutMs: options.connectTimeoutMs ?? LIMITS.connectTimeoutMs,
    headersTimeoutMs: options.headersTimeoutMs ?? LIMITS.headersTimeoutMs,
    bodyTimeoutMs: options.bodyTimeoutMs ?? LIMITS.bodyTimeoutMs,
  };
}
