import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import { json, type Reply } from '../http/exchange.ts';

/** The parameters of every method that may be called over HTTP; nothing else may. */
export type Parameters = Record<string, z.ZodType<unknown[]>>;

type Method = (...parameters: unknown[]) => unknown;

/**
 * Control over HTTP: `POST /_simulator/<method>` with a JSON array of arguments (an object or
 * nothing stands for one or none) answers `{ "value": … }`; 400 says what is wrong with them.
 */
export function controlDesk(control: Record<string, unknown>, parameters: Parameters) {
  return async (verb: string, url: string, body: string): Promise<Reply> => {
    const name = url.slice('/_simulator/'.length).split('?')[0] ?? '';
    if (name === '') return json(200, { methods: Object.keys(parameters) });
    const schema = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    const method = control[name];
    if (schema === undefined || typeof method !== 'function') {
      return json(404, { message: `The simulator has no method ${name}` });
    }
    if (verb !== 'POST' && verb !== 'GET') return json(405, { message: 'POST it' });
    try {
      const sent: unknown = body === '' ? [] : JSON.parse(body);
      const given = schema.parse(Array.isArray(sent) ? sent : [sent]);
      const value: unknown = await (method as Method).apply(control, given);
      return json(200, { value: value ?? null });
    } catch (error) {
      return json(400, { message: error instanceof Error ? error.message : String(error) });
    }
  };
}

export type ControlServer = { url: string; close: () => Promise<void> };

/** The same control on a port of its own, which answers while the simulator itself is away. */
export async function serveControl(
  host: string,
  port: number,
  desk: ReturnType<typeof controlDesk>,
): Promise<ControlServer> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void desk(request.method ?? 'GET', request.url ?? '/', Buffer.concat(chunks).toString()).then(
        (reply) => {
          response.writeHead(reply.status, reply.headers);
          response.end(reply.body);
        },
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
