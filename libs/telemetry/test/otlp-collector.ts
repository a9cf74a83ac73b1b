import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that takes OTLP over HTTP and keeps the raw protobuf bodies, as text to search in. */
export interface Collector extends AsyncDisposable {
  readonly url: string;
  received(): Buffer;
}

export async function startCollector(): Promise<Collector> {
  const bodies: Buffer[] = [];
  const server = createServer((request, reply) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk));
    request.on('end', () =>
      reply.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received: () => Buffer.concat(bodies),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
