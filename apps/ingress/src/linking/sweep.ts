import type { TableName } from '@landbridge/contracts';
import {
  type Edge,
  type EdgeEnd,
  isAbsence,
  leavingOf,
  type PendingDeletion,
  type Standing,
  standingOf,
  type WaitingEdge,
  type WrittenMemory,
} from '@landbridge/messaging';
import { heldEdges, includes, nameOf } from './standing.ts';
import type { TableLinking } from './table-linking.ts';

export type SweepDeps = {
  table: TableName;
  memory: Pick<WrittenMemory, 'get'>;
  linking: Pick<TableLinking, 'edges' | 'readAgain'>;
  /** What was written of the tables that refer to this one in the running configuration. */
  children: ReadonlyMap<TableName, Pick<WrittenMemory, 'get'>>;
  pace?: Partial<SweepPace>;
};

export type SweepPace = {
  /** Between two walks over what waits. */
  everyMs: number;
  /** A walk goes on the next time when it took so long. */
  walkMaxMs: number;
  /** An edge that is younger may be in somebody's hands. */
  graceMs: number;
  /** Before the same is asked for again. */
  againAfterMs: number;
};

export const SWEEP_PACE: SweepPace = {
  everyMs: 10_000,
  walkMaxMs: 1_000,
  graceMs: 15_000,
  againAfterMs: 60_000,
};

/**
 * Mends what a crash, a stale answer or a forgetful memory left of the links to one table. It only
 * asks for records to be read again, and takes away edges that their children know nothing of, so
 * that it may run anywhere and any number of times.
 */
export class LinkSweep {
  readonly #deps: SweepDeps;
  readonly #pace: SweepPace;
  #afterSequence = 0;
  #nextAtMs = 0;
  #afterGivenUp = 0;
  #givenUpNextAtMs = 0;
  readonly #askedAtMs = new Map<string, number>();

  constructor(deps: SweepDeps) {
    this.#deps = deps;
    this.#pace = { ...SWEEP_PACE, ...deps.pace };
  }

  /** One walk, if it is time for one. `isRead`: the table's first load was read. */
  async run(isRead: boolean, signal: AbortSignal, now: () => number = Date.now): Promise<void> {
    const { everyMs, walkMaxMs, againAfterMs } = this.#pace;
    const startedMs = now();
    if (startedMs < this.#nextAtMs) return;
    this.#nextAtMs = startedMs + everyMs;
    for (const [name, askedAtMs] of this.#askedAtMs) {
      if (startedMs - askedAtMs >= againAfterMs) this.#askedAtMs.delete(name);
    }
    const { table, linking } = this.#deps;
    const standings = new Map<string, Standing>();
    const afterSequence = this.#afterSequence;
    this.#afterSequence = 0;
    for await (const edge of linking.edges.waitingFor({ table, afterSequence })) {
      if (signal.aborted) return;
      await this.#lookAt(edge, { standings, isRead, now });
      if (now() - startedMs < walkMaxMs) continue;
      this.#afterSequence = edge.sequence;
      break;
    }
    await this.#walkGivenUp(standings, signal, now);
    for await (const deletion of linking.edges.deletions(table)) {
      if (signal.aborted) return;
      await this.#lookAtDeletion(deletion, now);
    }
  }

  async #lookAt(
    edge: WaitingEdge,
    {
      standings,
      isRead,
      now,
    }: { standings: Map<string, Standing>; isRead: boolean; now: () => number },
  ): Promise<void> {
    const { edges, readAgain } = this.#deps.linking;
    const { graceMs, againAfterMs } = this.#pace;
    const ageMs = now() - edge.since.getTime();
    if (ageMs < graceMs) return;
    if (await this.#isOrphan(edge, 'waiting')) return edges.stopWaiting(edge);
    if (edge.state !== 'waiting' && ageMs < againAfterMs) return;
    const parent = { table: edge.parentTable, key: edge.parentKey };
    const standing = await this.#standingOf(parent.key, standings);
    // What hides with a parent that has gone is deleted when that comes again, and not before.
    const mayShow = standing === 'landed' || edge.state !== 'leaving';
    if ((standing === 'landed' || isAbsence(standing)) && mayShow) {
      await edges.wait(edge, edge.state === 'waiting' ? 'asked' : edge.state);
      await readAgain({ table: edge.childTable, key: edge.childKey });
    }
    // Dynamics says whether it is there: it lands, or its children hear that it will not come.
    if (standing === 'unknown' && isRead) await this.#askOnce(parent, now);
  }

  /** Those whose parent has come after all, past a crash or a stale answer. */
  async #walkGivenUp(
    standings: Map<string, Standing>,
    signal: AbortSignal,
    now: () => number,
  ): Promise<void> {
    const { walkMaxMs, graceMs, againAfterMs } = this.#pace;
    const startedMs = now();
    if (startedMs < this.#givenUpNextAtMs) return;
    const { table, linking, children } = this.#deps;
    const afterSequence = this.#afterGivenUp;
    this.#afterGivenUp = 0;
    for await (const edge of linking.edges.givenUpTo({ table, afterSequence })) {
      if (signal.aborted) return;
      if (!children.has(edge.childTable)) await linking.edges.takeBack(edge);
      else if (now() - edge.since.getTime() >= graceMs) {
        const standing = await this.#standingOf(edge.parentKey, standings);
        const child = { table: edge.childTable, key: edge.childKey };
        if (standing === 'landed') await this.#askOnce(child, now);
      }
      if (now() - startedMs < walkMaxMs) continue;
      this.#afterGivenUp = edge.sequence;
      return;
    }
    // Nobody waits for them, so that a walk that came to its end has time.
    this.#givenUpNextAtMs = startedMs + againAfterMs;
  }

  async #standingOf(key: string, standings: Map<string, Standing>): Promise<Standing> {
    const standing = standings.get(key) ?? standingOf(await this.#deps.memory.get(key));
    standings.set(key, standing);
    return standing;
  }

  async #askOnce(record: EdgeEnd, now: () => number): Promise<void> {
    if (this.#askedAtMs.has(nameOf(record))) return;
    this.#askedAtMs.set(nameOf(record), now());
    await this.#deps.linking.readAgain(record);
  }

  async #lookAtDeletion({ key, since }: PendingDeletion, now: () => number): Promise<void> {
    const { table, linking } = this.#deps;
    const { graceMs, againAfterMs } = this.#pace;
    const ageMs = now() - since.getTime();
    if (ageMs < graceMs) return;
    const parent = { table, key };
    // It went, or stays after all, and somebody was killed before the mark went.
    if (leavingOf(await this.#deps.memory.get(key)) === null) {
      return linking.edges.unmarkDeleting(parent);
    }
    let isHeld = false;
    for await (const edge of linking.edges.linkedTo(parent)) {
      const isOld = now() - edge.since.getTime() >= graceMs;
      if (isOld && (await this.#isOrphan(edge, 'linked'))) await linking.edges.unlink(edge);
      else isHeld = true;
    }
    if (isHeld && ageMs < againAfterMs) return;
    await linking.edges.markDeleting(parent);
    await linking.readAgain(parent);
  }

  /** Of a table that refers to this one no more, or of a record whose memory does not hold it. */
  async #isOrphan(edge: Edge, kind: 'linked' | 'waiting'): Promise<boolean> {
    const memory = this.#deps.children.get(edge.childTable);
    if (memory === undefined) return true;
    const entry = await memory.get(edge.childKey);
    if (entry === null) return false;
    const parent = { table: edge.parentTable, key: edge.parentKey };
    return !includes(heldEdges(entry)[kind], parent);
  }
}
