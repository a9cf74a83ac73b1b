import { createLog } from '@landbridge/telemetry';
import { type NatsServer, startNats } from '@landbridge/testing';
import { type Bus, connectBus } from '../src/index.ts';

export interface Fixture extends AsyncDisposable {
  server: NatsServer;
  bus: Bus;
  /** Another connection to the same server. */
  connect(): Promise<Bus>;
}

export const SERVERS = ['newest', 'floor'] as const;

export async function startBus(which: 'newest' | 'floor'): Promise<Fixture> {
  const server = await startNats({ server: which });
  const buses: Bus[] = [];
  const connect = async (): Promise<Bus> => {
    const log = createLog('test', 'silent');
    const bus = await connectBus({ url: server.url, name: 'test', log });
    buses.push(bus);
    return bus;
  };
  return {
    server,
    bus: await connect(),
    connect,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(buses.map((bus) => bus.close()));
      await server.stop();
    },
  };
}
