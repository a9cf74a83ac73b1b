import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type IngressRun,
  NO_VERIFICATION_FIGURES,
  type ReplicaId,
  type VerificationFigures,
  type VerificationPhase,
} from '@landbridge/contracts';
import {
  type Bus,
  CursorMoved,
  isBusError,
  isCancelled,
  openVerifications,
  publishReport,
  readCursor,
  readVerification,
  type VerificationRequest,
} from '@landbridge/messaging';
import { backoffMs, holdMessage, retryDelayMs, transientOf } from '@landbridge/pipeline';
import type { Log } from '@landbridge/telemetry';
import type { JsMsg } from '@nats-io/jetstream';
import { Turns } from './turns.ts';
import { repairDifferences, verifyTable } from './verify-table.ts';
import { VerificationCancelled, type VerifyingDeps } from './verifying-deps.ts';

export type VerificationsOptions = {
  run: IngressRun;
  replica: ReplicaId;
  log: Log;
};

const NEXT_EXPIRES_MS = 1_000;
const TELL_EVERY_MS = 1_000;
/** Until it is looked again whether the table's first load has ended. */
const FIRST_LOAD_EVERY_MS = 2_000;
/** After so many ends that nobody expected, a verification is given up. */
const UNEXPECTED_MAX = 5;

/** Of all tables and instances: a pass takes memory, which is the process's. */
const turns = new Turns();

/** Executes the verifications of one table that this replica is handed, until `signal` aborts. */
export async function executeVerifications(
  deps: VerifyingDeps,
  options: VerificationsOptions,
  signal: AbortSignal,
): Promise<void> {
  const { bus, at } = deps;
  const take = async (): Promise<void> => {
    const requests = await openVerifications(bus, at);
    while (!signal.aborted) {
      const message = await requests.next({ expires: NEXT_EXPIRES_MS });
      if (message !== null) await execute(message, deps, options, signal);
    }
  };
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      await take();
    } catch (err) {
      options.log.warn({ err, table: at.table }, 'verifications cannot be fetched; trying again');
      const delayMs = backoffMs(failures, { capMs: 2_000 });
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function execute(
  message: JsMsg,
  deps: VerifyingDeps,
  options: VerificationsOptions,
  stopping: AbortSignal,
): Promise<void> {
  const request = readVerification(message);
  if (request === null) {
    message.term('unreadable');
    return;
  }
  using hold = holdMessage(deps.bus, message);
  const signal = AbortSignal.any([stopping, hold.signal]);
  const teller = new Teller(deps.bus, request, options);
  try {
    const figures = await turns.take(async () => {
      signal.throwIfAborted();
      return executeRequest(request, deps, teller, signal);
    });
    if (figures === null) message.nak(FIRST_LOAD_EVERY_MS);
    else {
      await teller.say('done', figures);
      message.ack();
    }
  } catch (error) {
    if (error instanceof CursorMoved || hold.signal.aborted) return;
    await giveBack(message, error, { teller, options, isStopping: stopping.aborted });
  }
}

/** null: not yet, for the table's first load has not ended. */
async function executeRequest(
  request: VerificationRequest,
  deps: VerifyingDeps,
  teller: Teller,
  signal: AbortSignal,
): Promise<VerificationFigures | null> {
  const { bus, at } = deps;
  const { verificationId, kind } = request;
  if (await isCancelled(bus, at, verificationId)) throw new VerificationCancelled();
  const tell = teller.tell.bind(teller);
  if (kind === 'repair') return repairDifferences(deps, { signal, tell });
  const { cursor } = await readCursor(bus, at);
  if (cursor?.['phase'] !== 'changes') {
    const why = 'The first load of the table has not ended yet';
    await teller.say('waiting', NO_VERIFICATION_FIGURES, why);
    return null;
  }
  return verifyTable(request, deps, { signal, tell });
}

async function giveBack(
  message: JsMsg,
  error: unknown,
  context: { teller: Teller; options: VerificationsOptions; isStopping: boolean },
): Promise<void> {
  const { teller, options, isStopping } = context;
  const { table } = teller.request;
  if (isStopping) {
    message.nak(0);
    return;
  }
  if (error instanceof VerificationCancelled) {
    await teller.say('cancelled', teller.last);
    message.ack();
    return;
  }
  const attempt = message.info.deliveryCount;
  const transient = transientOf(error, 'source');
  const heals = transient !== null || isBusError(error);
  if (!heals && attempt >= UNEXPECTED_MAX) {
    const text = error instanceof Error ? error.message : String(error);
    options.log.error({ err: error, table }, 'a verification is given up');
    await teller.say('failed', teller.last, text);
    message.ack();
    return;
  }
  options.log.warn({ err: error, table }, 'a verification goes on after a delay');
  message.nak(retryDelayMs(Math.min(attempt, 6), transient?.retryAfterMs ?? null));
}

/** Tells the control plane; what is said while it goes on at most once a second. */
class Teller {
  readonly request: VerificationRequest;
  readonly #bus: Bus;
  readonly #options: VerificationsOptions;
  #saidAtMs = Number.NEGATIVE_INFINITY;
  last: VerificationFigures = NO_VERIFICATION_FIGURES;

  constructor(bus: Bus, request: VerificationRequest, options: VerificationsOptions) {
    this.#bus = bus;
    this.request = request;
    this.#options = options;
  }

  async tell(phase: VerificationPhase, figures: VerificationFigures): Promise<void> {
    this.last = figures;
    if (performance.now() - this.#saidAtMs < TELL_EVERY_MS) return;
    await this.say(phase, figures);
  }

  async say(
    phase: VerificationPhase,
    figures: VerificationFigures,
    message: string | null = null,
  ): Promise<void> {
    this.#saidAtMs = performance.now();
    const { run, replica } = this.#options;
    const { workflow, instance, runId } = run;
    const { verificationId, table } = this.request;
    await publishReport(this.#bus, {
      reportId: randomUUID(),
      workflow,
      instance,
      runId,
      replica,
      at: new Date().toISOString(),
      kind: 'verificationProgressed',
      verification: { verificationId, table, phase, message, figures },
    });
  }
}
