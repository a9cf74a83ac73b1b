import {
  type Absence,
  COMPLETE_SINCE,
  type EdgeEnd,
  isAbsence,
  leavingOf,
  standingOf,
  type WrittenEntry,
  type WrittenMemory,
} from '@landbridge/messaging';
import type { WriteOutcome } from '@landbridge/pipeline';
import {
  heldEdges,
  type HeldEdges,
  includes,
  mayCome,
  union,
  without,
  withEdges,
} from './standing.ts';
import { edgeOf, type TableLinking } from './table-linking.ts';

/**
 * Whether a record may be written now.
 * Shape   `landed`: all its parents are in Campaign, and cannot go without asking it first.
 *         `waiting`: the edges that it waits by are in place. `hopeless`: a parent will not come.
 */
export type ParentsVerdict =
  | { kind: 'landed' }
  | { kind: 'waiting'; edges: HeldEdges }
  | { kind: 'hopeless'; parent: EdgeEnd; absence: Absence };

/** Looks at the record's parents and puts its edges to them. */
export async function askParents(
  child: EdgeEnd,
  parents: readonly EdgeEnd[],
  entry: WrittenEntry | null,
  linking: TableLinking,
): Promise<ParentsVerdict> {
  const held = heldEdges(entry);
  const placed: HeldEdges = { linked: [], waiting: [] };
  for (const parent of parents) {
    const seen = await holdOn(child, parent, held, linking);
    if (isAbsence(seen)) return { kind: 'hopeless', parent, absence: seen };
    placed[seen].push(parent);
  }
  if (placed.waiting.length === 0) return { kind: 'landed' };
  const linked = union(held.linked, placed.linked);
  return { kind: 'waiting', edges: { linked, waiting: placed.waiting } };
}

const LOOKS_MAX = 4;

/**
 * Puts the edge first and looks at the parent afterwards, as the parent writes its memory first and
 * looks at its edges afterwards: so one of the two always sees the other.
 */
async function holdOn(
  child: EdgeEnd,
  parent: EdgeEnd,
  held: HeldEdges,
  { edges, parents }: TableLinking,
): Promise<'linked' | 'waiting' | Absence> {
  const look = async () => standingOf((await parents.get(parent.table)?.get(parent.key)) ?? null);
  const edge = edgeOf(parent, child);
  let isLinked = includes(held.linked, parent);
  let isWaiting = false;
  let seen = await look();
  for (let looks = 1; looks < LOOKS_MAX; looks += 1) {
    if (isAbsence(seen)) return seen;
    if (seen === 'landed' && isLinked) return 'linked';
    if (seen === 'landed') {
      await edges.link(edge);
      isLinked = true;
      if (isWaiting) await edges.stopWaiting(edge);
    } else await edges.wait(edge, 'waiting');
    isWaiting = seen !== 'landed';
    const again = await look();
    if (again === seen) return seen === 'landed' ? 'linked' : 'waiting';
    seen = again;
  }
  // The parent comes and goes; the edge tells it that somebody waits.
  await edges.wait(edge, 'waiting');
  return 'waiting';
}

/** Remembers what the record waits for, and lets it be read again later instead of holding others up. */
export async function waitForParents(
  child: EdgeEnd,
  edges: HeldEdges,
  entry: WrittenEntry | null,
  { memory, linking }: ChildDeps,
): Promise<WriteOutcome> {
  const held = heldEdges(entry);
  for (const parent of without(held.waiting, edges.waiting)) {
    await linking.edges.stopWaiting(edgeOf(parent, child));
  }
  await memory.put(child.key, withEdges(mayCome(entry), edges));
  return { kind: 'skipped', reason: 'waitingForParent' };
}

/**
 * Campaign does not show a record that was written with its parents there: one of them went
 * meanwhile, past Landbridge. It is tried again now and then.
 */
export async function waitInHiding(
  child: EdgeEnd,
  parents: readonly EdgeEnd[],
  entry: WrittenEntry | null,
  { memory, linking }: ChildDeps,
): Promise<void> {
  for (const parent of parents) await linking.edges.wait(edgeOf(parent, child), 'hidden');
  const linked = union(heldEdges(entry).linked, parents);
  await memory.put(child.key, withEdges(mayCome(entry), { linked, waiting: [...parents] }));
}

/** Takes away what a record that was written with `parents` had besides; put its memory afterwards. */
export async function keepOnly(
  child: EdgeEnd,
  parents: readonly EdgeEnd[],
  entry: WrittenEntry | null,
  linking: TableLinking,
): Promise<void> {
  const held = heldEdges(entry);
  for (const parent of held.waiting) await linking.edges.stopWaiting(edgeOf(parent, child));
  for (const parent of without(held.linked, parents)) await letGo(child, parent, linking);
}

/** Takes the edges away by which the record waits for `parents`. */
export async function stopWaiting(
  child: EdgeEnd,
  parents: readonly EdgeEnd[],
  { edges }: TableLinking,
): Promise<void> {
  for (const parent of parents) await edges.stopWaiting(edgeOf(parent, child));
}

/** Removes a written edge; a parent whose deletion waited for it alone is deleted by itself. */
export async function letGo(
  child: EdgeEnd,
  parent: EdgeEnd,
  { edges, parents, readAgain }: TableLinking,
): Promise<void> {
  await edges.unlink(edgeOf(parent, child));
  const entry = (await parents.get(parent.table)?.get(parent.key)) ?? null;
  if (leavingOf(entry) === null) return;
  for await (const _ of edges.linkedTo(parent)) return;
  await readAgain(parent);
}

/** A record that is not written now keeps the edges that it was written with, and waits for none. */
export async function giveUpWaiting(
  child: EdgeEnd,
  parents: readonly EdgeEnd[],
  { memory, linking }: ChildDeps,
): Promise<void> {
  const entry = await memory.get(child.key);
  const held = heldEdges(entry);
  for (const parent of union(parents, held.waiting)) {
    await linking.edges.stopWaiting(edgeOf(parent, child));
  }
  for (const parent of without(parents, held.linked)) await letGo(child, parent, linking);
  const linked: EdgeEnd[] = [];
  for (const parent of held.linked) {
    const standing = standingOf((await linking.parents.get(parent.table)?.get(parent.key)) ?? null);
    if (isAbsence(standing)) await letGo(child, parent, linking);
    else linked.push(parent);
  }
  if (held.waiting.length === 0 && linked.length === held.linked.length) return;
  await memory.put(child.key, withEdges(entry, { linked, waiting: [] }));
}

/**
 * Of a record that was asked for and is not written: without a word of it, the sweep could not tell
 * edges that nobody needs any more from edges of a record that the memory forgot.
 */
export async function leaveTrace(child: EdgeEnd, { memory }: ChildDeps): Promise<void> {
  if ((await memory.get(child.key)) !== null) return;
  const isComplete = (await memory.get(COMPLETE_SINCE)) !== null;
  const extra = isComplete ? {} : { extra: { unsure: true } };
  await memory.put(child.key, { hash: null, version: null, ...extra });
}

export type ChildDeps = { memory: Pick<WrittenMemory, 'get' | 'put'>; linking: TableLinking };

const WHY: Readonly<Record<Absence, { code: string; because: string }>> = {
  filteredOut: { code: 'parentFilteredOut', because: 'does not pass the filter of its table' },
  deleted: { code: 'parentDeleted', because: 'was deleted' },
  rejected: { code: 'parentRejected', because: 'was refused and is a dead letter itself' },
  missing: { code: 'parentMissing', because: 'is not in Dynamics 365' },
};

/** Whether a record was refused because a parent of it will not come. */
export const isHopeless = (outcome: WriteOutcome): boolean =>
  outcome.kind === 'rejected' &&
  Object.values(WHY).some(({ code }) => code === outcome.reason.code);

/** The dead letter of a record whose parent will not come. */
export function hopeless({ table, key }: EdgeEnd, absence: Absence): WriteOutcome {
  const { code, because } = WHY[absence];
  const message = `It refers to ${table} ${key}, which ${because}`;
  return { kind: 'rejected', reason: { code, message }, cause: new Error(message) };
}
