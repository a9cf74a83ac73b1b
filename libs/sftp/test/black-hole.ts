import { connect, createServer, type Socket } from 'node:net';

/**
 * A way to a server on loopback that can swallow everything: connections stay open, and nobody
 * hears the other any more, as behind a firewall that forgot them.
 */
export async function startBlackHole(to: number) {
  const links = new Set<[Socket, Socket]>();
  const state = { swallows: false };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port: to, noDelay: true });
    const link: [Socket, Socket] = [near, far];
    links.add(link);
    relay(near, far);
    relay(far, near);
  });
  function relay(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      if (!state.swallows) to.write(bytes);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      if (!state.swallows) to.destroy();
    });
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    swallow: () => void (state.swallows = true),
    /** For connections that come from now on. */
    forward: () => void (state.swallows = false),
    /** Its near end, which closes when the client lets it go. */
    lastConnection: (): Socket => {
      const last = [...links].at(-1);
      if (last === undefined) throw new Error('Nobody has connected');
      return last[0];
    },
    async [Symbol.asyncDispose]() {
      for (const socket of [...links].flat()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
