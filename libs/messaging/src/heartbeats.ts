import { Heartbeat } from '@landbridge/contracts';
import type { Bus } from './bus.ts';
import { heartbeatFilter, heartbeatSubject } from './subjects.ts';

/** Tells whoever listens now; a heartbeat that nobody hears is gone, and that is its meaning. */
export function sendHeartbeat(bus: Bus, heartbeat: Heartbeat): void {
  if (bus.connection.isClosed()) return;
  const { workflow, replica } = heartbeat;
  bus.connection.publish(heartbeatSubject(workflow, replica), JSON.stringify(heartbeat));
}

/** Calls `onHeartbeat` for each readable heartbeat until `close()`. */
export function watchHeartbeats(
  bus: Bus,
  onHeartbeat: (heartbeat: Heartbeat) => void,
): { close(): void } {
  const subscription = bus.connection.subscribe(heartbeatFilter, {
    callback: (error, message) => {
      if (error !== null) return;
      const heartbeat = read(() => message.json());
      if (heartbeat !== null) onHeartbeat(heartbeat);
    },
  });
  return { close: () => subscription.unsubscribe() };
}

function read(json: () => unknown): Heartbeat | null {
  try {
    return Heartbeat.parse(json());
  } catch {
    return null;
  }
}
