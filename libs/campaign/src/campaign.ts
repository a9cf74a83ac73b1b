import { lineOf, type HttpLimits, type HttpReply, type HttpRequest } from '@landbridge/vendor-http';
import type { z } from 'zod';
import { addressOf, type Address } from './address.ts';
import { openCampaignHttp } from './campaign-http.ts';
import { createCampaignTokens, DEFAULT_LIMITS } from './campaign-tokens.ts';
import type { CampaignBody, CampaignClientOptions, Reply } from './client.ts';
import { CampaignRequestError, CampaignUnreachable, isCampaignError } from './errors.ts';
import { refusalOf } from './refusal.ts';

/** One request to the instance. `path`: behind the host, encoded; `shown`: what may be said of it. */
export type Ask = {
  method: HttpRequest['method'];
  path: string;
  shown: string;
  body?: CampaignBody;
  signal?: AbortSignal | undefined;
};

/** The requests of one operation, counted together. */
export type Asker = {
  json<T>(ask: Ask, schema: z.ZodType<T>): Promise<T>;
  /** For answers whose body says nothing that is needed; success may be any 2xx. */
  done(ask: Ask): Promise<void>;
  /** For insertions: 201 says that it is written, so a body that broke off changes nothing. */
  created<T>(ask: Ask, schema: z.ZodType<T>, unnamed: T): Promise<T>;
};

/** The instance as operations see it: who asks gets an answer in its schema or an error. */
export type Campaign = {
  address: Address;
  operation: <T>(work: (ask: Asker) => Promise<T>) => Promise<Reply<T>>;
  close: () => Promise<void>;
};

export function openCampaign(options: CampaignClientOptions): Campaign {
  const { connection } = options;
  const limits = limitsOf(options);
  const address = addressOf(connection.url);
  const http = openCampaignHttp(address.origin, limits);
  const tokens = options.tokens ?? createCampaignTokens(connection, limits);
  const fixedHeaders = {
    'x-api-key': connection.clientId,
    accept: 'application/json',
    'content-type': 'application/json',
    'cache-control': 'no-cache',
    'user-agent': options.userAgent ?? 'Landbridge',
  };

  /** Answers with success; everything else is thrown from within the gate, which may count it. */
  async function send(ask: Ask, token: string): Promise<HttpReply> {
    const request: HttpRequest = {
      method: ask.method,
      path: ask.path,
      shown: ask.shown,
      signal: ask.signal,
      headers: { ...fixedHeaders, authorization: `Bearer ${token}` },
      ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
    };
    const startedMs = performance.now();
    const reply = await http.send(request);
    const refusal = reply.status >= 200 && reply.status < 300 ? null : refusalOf(reply, Date.now());
    options.log?.debug(
      {
        method: ask.method,
        path: ask.shown,
        status: reply.status,
        requestId: reply.header('x-request-id'),
        durationMs: Math.round(performance.now() - startedMs),
      },
      'campaign answered',
    );
    if (refusal !== null) throw new CampaignRequestError(lineOf(request), refusal);
    return reply;
  }

  async function sendRenewed(ask: Ask, meter: { calls: number }): Promise<HttpReply> {
    const token = await tokens.get(ask.signal);
    const gate = options.gate ?? ((call) => call());
    const attempt = (bearer: string) => gate(() => counted(meter, ask, () => send(ask, bearer)));
    try {
      return await attempt(token);
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
      options.log?.warn({ path: ask.shown, err: error }, 'campaign refused the token; renewing it');
    }
    return attempt(await tokens.renew(token, ask.signal));
  }

  return {
    address,
    async operation(work) {
      const meter = { calls: 0 };
      try {
        const value = await work({
          json: async (ask, schema) => readAs(schema, await sendRenewed(ask, meter), ask),
          done: async (ask) => {
            notAPage(await sendRenewed(ask, meter), ask);
          },
          created: async (ask, schema, unnamed) => {
            const reply = await sendRenewed(ask, meter);
            const read = readOrNull(schema, reply.text);
            if (read !== null) return read;
            return reply.status === 201 ? unnamed : readAs(schema, reply, ask);
          },
        });
        return { value, calls: meter.calls };
      } catch (error) {
        if (isCampaignError(error)) error.calls = meter.calls;
        throw error;
      }
    },
    async close() {
      await http.close();
      if (options.tokens === undefined) await tokens.close();
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
    if (error instanceof CampaignUnreachable && error.reason === 'connect') meter.calls -= 1;
    throw error;
  }
}

/** A web page with success is not Campaign's: something in between answered, nothing was done. */
function notAPage(reply: HttpReply, ask: Ask): void {
  if (!/text\/html/i.test(reply.header('content-type') ?? '')) return;
  throw new CampaignUnreachable({ method: ask.method, path: ask.shown }, 'unreadable');
}

function readOrNull<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Neither the text nor JSON.parse's own message, which quotes it, may leave in an error. */
function readAs<T>(schema: z.ZodType<T>, reply: HttpReply, ask: Ask): T {
  const line = { method: ask.method, path: ask.shown };
  let json: unknown;
  try {
    json = JSON.parse(reply.text);
  } catch {
    throw new CampaignUnreachable(line, 'unreadable');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new CampaignUnreachable(line, 'unreadable', { cause: parsed.error });
  return parsed.data;
}

function isTokenRefused(error: unknown): boolean {
  return error instanceof CampaignRequestError && error.kind === 'credentials';
}

function limitsOf(options: CampaignClientOptions): HttpLimits {
  return {
    connectionsMax: options.connectionsMax ?? DEFAULT_LIMITS.connectionsMax,
    connectTimeoutMs: options.connectTimeoutMs ?? DEFAULT_LIMITS.connectTimeoutMs,
    headersTimeoutMs: options.headersTimeoutMs ?? DEFAULT_LIMITS.headersTimeoutMs,
    bodyTimeoutMs: options.bodyTimeoutMs ?? DEFAULT_LIMITS.bodyTimeoutMs,
  };
}
