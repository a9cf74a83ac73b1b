/** Whether what JetStream acknowledged survives a power cut, as far as it can be known. */
export type Durability =
  | { durable: true }
  | { durable: false; known: true; reason: string }
  | { durable: false; known: false; reason: string };

/** Earlier servers could lose synced messages while compacting (nats-server#8475). */
const DURABLE_SINCE: Version = [2, 15];

/** The oldest server that has what Landbridge uses: consumers' filters, `sync_interval: always`. */
const FLOOR: Version = [2, 10];

type Version = readonly [major: number, minor: number];

/** Whether nats-server of this version can carry Landbridge. */
export const isFit = (version: string): boolean => isAtLeast(version, FLOOR);

const MONITOR_TIMEOUT_MS = 2_000;

/**
 * What is known of the server's safety against a power cut.
 * `monitorUrl` is the server's monitoring address, which alone tells `sync_interval`; null: the
 * question stays open and the answer is "not known to be safe".
 */
export async function durabilityOf(
  version: string,
  monitorUrl: string | null,
): Promise<Durability> {
  if (!isAtLeast(version, DURABLE_SINCE)) {
    const reason = `the queue is not safe against a power cut: nats-server ${version} is older than 2.15`;
    return { durable: false, known: true, reason };
  }
  const syncAlways = monitorUrl === null ? null : await readSyncAlways(monitorUrl);
  if (syncAlways === null) {
    const reason =
      'the queue is not safe against a power cut, as far as can be known: LANDBRIDGE_NATS_MONITOR_URL does not tell sync_interval';
    return { durable: false, known: false, reason };
  }
  if (syncAlways) return { durable: true };
  const reason =
    'the queue is not safe against a power cut: nats-server runs without sync_interval: always';
  return { durable: false, known: true, reason };
}

/** null: the monitoring address did not answer or did not tell. */
async function readSyncAlways(monitorUrl: string): Promise<boolean | null> {
  try {
    const reply = await fetch(new URL('/jsz?config=true', monitorUrl), {
      signal: AbortSignal.timeout(MONITOR_TIMEOUT_MS),
    });
    const told: unknown = await reply.json();
    return syncAlwaysIn(told);
  } catch {
    return null;
  }
}

function syncAlwaysIn(told: unknown): boolean | null {
  if (typeof told !== 'object' || told === null || !('config' in told)) return null;
  const { config } = told;
  if (typeof config !== 'object' || config === null) return null;
  // The server leaves `sync_always` out when it is false.
  return 'sync_always' in config && config.sync_always === true;
}

function isAtLeast(version: string, [major, minor]: Version): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
