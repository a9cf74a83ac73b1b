import { Gauge, type HealthCheck, type Log, type MetricsRegistry } from '@landbridge/telemetry';
import {
  jetstream,
  type JetStreamClient,
  jetstreamManager,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { ConnectionOptions, NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { type Durability, durabilityOf, isFit } from './durability.ts';
import { ensureStreams } from './ensure-streams.ts';
import { NatsServerUnfit } from './errors.ts';
import { CURSORS_BUCKET, DESIRED_BUCKET, LEDGERS_BUCKET } from './streams.ts';

/** The connection that everything in this lib goes through. Apps hand it on and look not inside. */
export interface Bus {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly desired: KV;
  readonly cursors: KV;
  readonly ledgers: KV;
  readonly log: Log;
  /** Connected, with JetStream answering; `detail` also says what a power cut would cost. */
  readonly health: HealthCheck;
  durability(): Promise<Durability>;
  /** Sends what is buffered, then lets go. Later calls do nothing. */
  close(): Promise<void>;
}

export interface BusOptions {
  /** `nats://[user:password@]host:port`, several joined by commas. */
  url: string;
  /** How the connection is named in the server's own lists. */
  name: string;
  log: Log;
  registry?: MetricsRegistry;
  /** The server's monitoring address, which alone tells whether it syncs before it acknowledges. */
  monitorUrl?: string | null;
  /** Of streams that do not exist yet; those that do keep what their operator gave them. */
  replicas?: number;
}

const RECONNECT_WAIT_MS = 250;

/**
 * Connects, refuses servers that cannot carry Landbridge, and declares every stream and bucket.
 * Afterwards it reconnects for as long as it takes.
 * Throws  NatsServerUnfit (older than 2.10, or without JetStream); ConnectionError (nobody there).
 */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const { log } = options;
  const connection = await connect(connectionOptions(options));
  const version = connection.info?.version ?? 'unknown';
  if (!isFit(version)) {
    await connection.close();
    throw new NatsServerUnfit(`nats-server ${version} is too old: Landbridge needs 2.10 or newer`);
  }
  const jsm = await jetstreamManager(connection).catch(async (cause: unknown) => {
    await connection.close();
    throw new NatsServerUnfit('nats-server runs without JetStream: start it with -js', { cause });
  });
  await ensureStreams(jsm, options.replicas ?? 1);
  const js = jetstream(connection);
  const buckets = new Kvm(js);
  void watchConnection(connection, log);
  if (options.registry !== undefined) countConnection(connection, options.registry);
  const durability = (): Promise<Durability> =>
    durabilityOf(connection.info?.version ?? version, options.monitorUrl ?? null);
  return {
    connection,
    js,
    jsm,
    log,
    desired: await buckets.open(DESIRED_BUCKET),
    cursors: await buckets.open(CURSORS_BUCKET),
    ledgers: await buckets.open(LEDGERS_BUCKET),
    durability,
    health: { name: 'nats', check: () => checkHealth(connection, jsm, durability) },
    close: () => closeConnection(connection),
  };
}

function connectionOptions({ url, name }: BusOptions): ConnectionOptions {
  const servers = url.split(',').map((text) => new URL(text.trim()));
  const first = servers[0];
  return {
    servers: servers.map(({ protocol, host }) => `${protocol}//${host}`),
    name,
    // The client takes no credentials from the URL.
    ...(first === undefined || first.username === ''
      ? {}
      : { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) }),
    reconnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_WAIT_MS,
    // A server that restarts refuses credentials for a moment; give up only when told to.
    ignoreAuthErrorAbort: true,
    // A stack trace for each request would cost more than the request itself.
    noAsyncTraces: true,
    pingInterval: 5_000,
    maxPingOut: 3,
  };
}

async function watchConnection(connection: NatsConnection, log: Log): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect')
      log.warn('nats is away; reconnecting for as long as it takes');
    if (status.type === 'reconnect') log.info('nats is back');
    if (status.type === 'error') log.warn({ err: status.error }, 'nats refused something');
  }
}

function countConnection(connection: NatsConnection, registry: MetricsRegistry): void {
  const gauge = new Gauge({
    name: 'landbridge_nats_connected',
    help: '1 while the connection to NATS stands',
    registers: [registry],
  });
  gauge.set(1);
  void (async () => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') gauge.set(0);
      if (type === 'reconnect') gauge.set(1);
    }
  })();
}

const HEALTH_TIMEOUT_MS = 2_000;

async function checkHealth(
  connection: NatsConnection,
  jsm: JetStreamManager,
  durability: () => Promise<Durability>,
): ReturnType<HealthCheck['check']> {
  if (connection.isClosed()) return { ok: false, detail: 'the connection to nats is closed' };
  try {
    await within(HEALTH_TIMEOUT_MS, jsm.getAccountInfo());
  } catch {
    return { ok: false, detail: 'nats does not answer' };
  }
  const found = await durability();
  const server = `connected to nats-server ${connection.info?.version ?? 'unknown'}`;
  return { ok: true, detail: found.durable ? server : `${server}; ${found.reason}` };
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), timeoutMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function closeConnection(connection: NatsConnection): Promise<void> {
  if (connection.isClosed()) return;
  // Draining hangs while the server is away, and there is nobody to drain to.
  await within(HEALTH_TIMEOUT_MS, connection.drain()).catch(() => connection.close());
}
