import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { CallLog } from '../control/call-log.ts';
import type { FaultBook } from '../control/fault-book.ts';
import type { Fault } from '../control/fault.schema.ts';
import type { Incoming, Reply, Route, Service } from './exchange.ts';

/** Larger bodies are 413, as a gateway in front of either system answers. */
const BODY_BYTES_MAX = 128 * 1024 * 1024;

export type FrontOptions = {
  host: string;
  port: number;
  service: Service;
  faults: FaultBook;
  log: CallLog;
  /** Answers what lies under `/_simulator/`. */
  control: (method: string, path: string, body: string) => Promise<Reply>;
};

/** The HTTP server in front of a simulator: reads, meets faults, applies, waits, answers, logs. */
export class Front {
  readonly #options: FrontOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port: number;
  #inFlight = 0;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#port = options.port;
    this.#server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
      void this.#take(request, response);
    });
    this.#server.on('connection', (socket) => {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  get url(): string {
    return `http://${this.#options.host}:${this.#port}`;
  }

  async open(): Promise<void> {
    if (this.#server.listening) return;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, this.#options.host, () => {
        this.#server.removeListener('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Refuses connections and breaks those that are open. */
  async shut(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/';
    const isControl = url.startsWith('/_simulator/');
    if (!isControl) this.#options.log.concurrent(++this.#inFlight);
    try {
      const body = await readBody(request);
      if (isControl) {
        send(response, await this.#options.control(request.method ?? 'GET', url, body ?? ''));
        return;
      }
      if (body === null) {
        send(response, { status: 413 });
        return;
      }
      await this.#answer(incoming(request, url, body, this.#inFlight), response);
    } catch (error) {
      if (!response.headersSent) {
        send(response, { status: 500, body: `The simulator failed: ${String(error)}` });
      }
    } finally {
      if (!isControl) this.#inFlight--;
    }
  }

  async #answer(request: Incoming, response: ServerResponse): Promise<void> {
    const startedMs = performance.now();
    const { faults, log, service } = this.#options;
    const route = service.route(request);
    const target = decoded(`${request.path}?${request.query}`);
    const met = faults.meet({
      method: request.method,
      target,
      call: route.call,
      key: route.key,
      body: request.body,
    });
    const reply = instead(met.fault, service) ?? route.apply();
    if (met.latencyMs > 0) await pause(met.latencyMs);
    const status = deliver(response, met.fault, reply);
    log.add(entryOf(request, route, { status, fault: met.fault, startedMs, reply }));
    if (met.fault?.kind === 'hang') {
      await new Promise((resolve) => response.once('close', resolve));
    }
  }
}

type Outcome = { status: number; fault: Fault | null; startedMs: number; reply: Reply };

function entryOf(request: Incoming, route: Route, outcome: Outcome) {
  return {
    at: Date.now(),
    call: route.call,
    method: request.method,
    path: route.template,
    key: route.key,
    status: outcome.status,
    fault: outcome.fault?.kind ?? null,
    durationMs: Math.round((performance.now() - outcome.startedMs) * 100) / 100,
    records: outcome.reply.records ?? 0,
  };
}

/** The reply of a fault that keeps the request from being applied. */
function instead(fault: Fault | null, service: Service): Reply | null {
  switch (fault?.kind) {
    case 'throttle':
      return service.throttled(
        fault.retryAfterAs === 'none'
          ? null
          : fault.retryAfterAs === 'date'
            ? new Date(Date.now() + fault.retryAfterS * 1_000).toUTCString()
            : String(fault.retryAfterS),
      );
    case 'status': {
      const usual = fault.body === undefined ? service.unavailable(fault.status) : null;
      return {
        status: fault.status,
        headers: {
          ...(usual?.headers ?? { 'content-type': fault.contentType ?? 'text/plain' }),
          ...fault.headers,
        },
        body: fault.body ?? usual?.body ?? '',
      };
    }
    case 'expiredToken':
      return service.unauthorized();
    case 'expiredDeltaToken':
      return service.deltaTokenRefused('expired');
    case 'malformedDeltaToken':
      return service.deltaTokenRefused('malformed');
    case 'dropRequest':
      return { status: 0 };
    default:
      return null;
  }
}

/** Sends the reply, or what the fault leaves of it; answers the status that left, 0 for none. */
function deliver(response: ServerResponse, fault: Fault | null, reply: Reply): number {
  switch (fault?.kind) {
    case 'dropRequest':
    case 'dropReply':
      response.destroy();
      return 0;
    case 'hang':
      return 0;
    case 'halfBody': {
      const body = Buffer.from(reply.body ?? '');
      response.writeHead(reply.status, {
        ...reply.headers,
        'content-length': String(Math.max(body.length, 2)),
      });
      response.write(body.subarray(0, Math.max(1, body.length >> 1)), () => response.destroy());
      return reply.status;
    }
    default:
      send(response, reply);
      return reply.status;
  }
}

function send(response: ServerResponse, reply: Reply): void {
  const headers: Record<string, string | number | string[]> = { ...reply.headers };
  if (reply.links !== undefined) headers['link'] = reply.links;
  if (reply.status !== 204 && reply.status !== 304) {
    headers['content-length'] = Buffer.byteLength(reply.body ?? '');
  }
  response.writeHead(reply.status, headers);
  response.end(reply.body);
}

function incoming(request: IncomingMessage, url: string, body: string, inFlight: number): Incoming {
  const mark = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: request.headers,
    body,
    bodyBytes: body.length,
    inFlight,
  };
}

/** The body as text; null when it is too large. */
function readBody(request: IncomingMessage): Promise<string | null> {
  if (request.headers['content-length'] === undefined && !request.headers['transfer-encoding']) {
    return Promise.resolve('');
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
    });
    request.on('end', () => {
      resolve(bytes > BODY_BYTES_MAX ? null : Buffer.concat(chunks).toString('utf8'));
    });
    request.on('error', reject);
    request.on('close', () => reject(new Error('the request was broken off')));
  });
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

/** The listening server keeps the process alive; an answer that nobody waits for must not. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
