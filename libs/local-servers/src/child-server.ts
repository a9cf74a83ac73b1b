import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How a child ended: exactly one of the two is not null. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A server that runs as a child of this process. */
export interface ChildServer {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Asks the server to end cleanly and waits; after `graceMs` it is killed. */
  stop(graceMs?: number): Promise<Exit>;
  /** kill -9. */
  kill(): Promise<Exit>;
}

export interface ChildServerOptions {
  /** For messages: `nats-server`, `postgres`, `ingress`. */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** What `stop()` sends, and what the child gets when this process dies. */
  stopSignal?: 'SIGTERM' | 'SIGINT';
  /** The line, on stdout or stderr, that says that the server is ready; null: no waiting. */
  ready: RegExp | null;
  readyTimeoutMs?: number;
  onLine?: (line: string) => void;
  /** Extra arguments for setpriv, such as another user's id; Linux only. */
  privileges?: string[];
}

/** For what hangs: a child that ends is noticed at once, and a busy machine takes its time. */
const READY_MS_MAX = 120_000;

/** The server ended, or said nothing, before it was ready. `output` holds its last lines. */
export class ServerDidNotStart extends Error {
  override readonly name = 'ServerDidNotStart';
  readonly output: string;
  constructor(server: string, reason: string, output: string) {
    super(`${server} did not start: ${reason}\n${output}`);
    this.output = output;
  }
}

/**
 * Starts a server as a child and waits until it says that it is ready. It leads a process group of
 * its own, so that Ctrl-C reaches this process alone, which can then stop things in order. On
 * Linux the kernel sends it `stopSignal` when this process dies, even by kill -9: no orphans.
 * Throws  ServerDidNotStart.
 */
export async function startChildServer(options: ChildServerOptions): Promise<ChildServer> {
  const stopSignal = options.stopSignal ?? 'SIGTERM';
  const [command, args] = withDeathSignal(options, stopSignal);
  const child = spawn(command, args, {
    env: options.env ?? process.env,
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 127, signal: null }));
  });
  await readiness(child, exited, options);
  const end = async (signal: NodeJS.Signals): Promise<Exit> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return exited;
  };
  return {
    pid: child.pid ?? -1,
    exited,
    kill: () => end('SIGKILL'),
    stop: async (graceMs = 10_000) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      try {
        return await end(stopSignal);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function withDeathSignal(
  options: ChildServerOptions,
  stopSignal: 'SIGTERM' | 'SIGINT',
): [string, string[]] {
  if (process.platform !== 'linux') return [options.command, options.args];
  const signal = stopSignal.slice('SIG'.length);
  const privileges = options.privileges ?? [];
  return ['setpriv', [...privileges, '--pdeathsig', signal, options.command, ...options.args]];
}

async function readiness(
  child: ChildProcess,
  exited: Promise<Exit>,
  options: ChildServerOptions,
): Promise<void> {
  const lines: string[] = [];
  const ready = new Promise<void>((resolve) => {
    if (options.ready === null) resolve();
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        options.onLine?.(line);
        lines.push(line);
        if (lines.length > 40) lines.shift();
        if (options.ready?.test(line) === true) resolve();
      });
    }
  });
  const timeoutMs = options.readyTimeoutMs ?? READY_MS_MAX;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`not ready after ${timeoutMs} ms`), timeoutMs);
  });
  const died = exited.then(
    ({ code, signal }) => `it ended with ${signal ?? `code ${code ?? '?'}`}`,
  );
  const failure = await Promise.race([ready, died, late]);
  clearTimeout(timer);
  if (typeof failure !== 'string') return;
  child.kill('SIGKILL');
  throw new ServerDidNotStart(options.name, failure, lines.join('\n'));
}
