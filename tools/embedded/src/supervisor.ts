import type { ChildServer } from '@landbridge/local-servers';

/** A child that is started again whenever it ends without having been asked to. */
export interface Supervised {
  readonly name: string;
  /** Of the process that runs now; null while none does. */
  pid(): number | null;
  /** kill -9; with `comesBack: false` it stays down until `revive()`. */
  kill(options?: { comesBack: boolean }): Promise<void>;
  revive(): Promise<void>;
  /** Ends it cleanly for good. */
  stop(): Promise<void>;
}

const PAUSE_MS_MIN = 200;
const PAUSE_MS_MAX = 5_000;

/**
 * Starts a child and keeps it running, telling what happens through `say`; with `asleep` it is down
 * until `revive()`.
 * Throws  what the very first start throws; later ones are tried again, ever more slowly.
 */
export async function supervise(
  name: string,
  start: () => Promise<ChildServer>,
  say: (text: string) => void,
  { asleep }: { asleep: boolean } = { asleep: false },
): Promise<Supervised> {
  let child: ChildServer | null = asleep ? null : await start();
  let wanted = !asleep;
  let pauseMs = PAUSE_MS_MIN;
  /** A start that has not ended; nobody may end the child before it has. */
  let underWay: Promise<void> | null = null;
  const isWanted = (): boolean => wanted;

  const bringBack = (): Promise<void> => {
    underWay ??= startUntilItRuns().finally(() => {
      underWay = null;
    });
    return underWay;
  };
  const startUntilItRuns = async (): Promise<void> => {
    while (wanted && child === null) {
      try {
        const started = await start();
        if (!isWanted()) {
          await started.stop();
          return;
        }
        child = started;
        watch(started);
        say(`${name} runs again (process ${started.pid})`);
      } catch (error) {
        pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
        say(`${name} did not start; trying again in ${pauseMs} ms: ${messageOf(error)}`);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  };
  const watch = (watched: ChildServer): void => {
    const since = performance.now();
    void watched.exited.then(({ code, signal }) => {
      child = null;
      if (!wanted) return;
      if (performance.now() - since > 10_000) pauseMs = PAUSE_MS_MIN;
      say(`${name} ended unexpectedly (${signal ?? `code ${code ?? '?'}`}); starting it again`);
      setTimeout(() => void bringBack(), pauseMs);
    });
  };
  if (child !== null) watch(child);

  return {
    name,
    pid: () => child?.pid ?? null,
    kill: async ({ comesBack } = { comesBack: true }) => {
      wanted = comesBack;
      await child?.kill();
    },
    revive: async () => {
      wanted = true;
      await bringBack();
    },
    stop: async () => {
      wanted = false;
      await underWay;
      await child?.stop();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
