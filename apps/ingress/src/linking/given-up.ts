import type { QueuedRecord } from '@landbridge/contracts';
import {
  COMPLETE_SINCE,
  type EdgeEnd,
  isAbsence,
  standingOf,
  type WrittenEntry,
} from '@landbridge/messaging';
import type { WriteContext, WriteOutcome } from '@landbridge/pipeline';
import { isAskedFor } from '../reading/to-queued.ts';
import { type ChildDeps, isHopeless } from './parents.ts';
import { isGivenUp, nameOf, withGivenUp } from './standing.ts';
import { edgeOf } from './table-linking.ts';

/** Of the same record; a person may let it be refused again and again. */
const LETTERS_MAX = 100;

/**
 * Keeps the edge of a record to a parent that will not come, so that it goes by itself should the
 * parent come after all. As with every edge it is put first, and the parent is looked at afterwards.
 * Shape   `false`: the parent has come meanwhile, or may come again; nothing is given up.
 */
export async function giveUp(
  child: QueuedRecord,
  parent: EdgeEnd,
  entry: WrittenEntry | null,
  { memory, linking }: ChildDeps,
  context: WriteContext,
): Promise<boolean> {
  const { edges, parents } = linking;
  const letters: string[] = [];
  const others: EdgeEnd[] = [];
  if (mayHaveBeenGivenUp(child, entry, context)) {
    for await (const edge of edges.givenUpBy(child)) {
      letters.push(...edge.letters);
      const end = { table: edge.parentTable, key: edge.parentKey };
      if (nameOf(end) !== nameOf(parent)) others.push(end);
    }
  }
  const own = context.deadLetterId === undefined ? [] : [context.deadLetterId];
  const all = [...new Set([...letters, ...own])].slice(-LETTERS_MAX);
  await edges.giveUp(edgeOf(parent, child), all);
  const standing = standingOf((await parents.get(parent.table)?.get(parent.key)) ?? null);
  if (!isAbsence(standing)) {
    if (letters.length === 0) await edges.takeBack(edgeOf(parent, child));
    return false;
  }
  for (const other of others) await edges.takeBack(edgeOf(other, child));
  if (isGivenUp(entry)) return true;
  const now = (await memory.get(child.key)) ?? (await unheardOf(memory));
  await memory.put(child.key, withGivenUp(now, true));
  return true;
}

/** Without a memory that forgot nothing there may have been a write. */
async function unheardOf(memory: ChildDeps['memory']): Promise<WrittenEntry> {
  const isComplete = (await memory.get(COMPLETE_SINCE)) !== null;
  return { hash: null, version: null, ...(isComplete ? {} : { extra: { unsure: true } }) };
}

/**
 * Closes the dead letters of a record that was given up and is not refused any more, and takes its
 * edges to parents that would not come away. `entry`: as it was remembered before.
 */
export async function closeGivenUp(
  child: QueuedRecord,
  outcome: WriteOutcome,
  entry: WrittenEntry | null,
  { memory, linking }: ChildDeps,
  context: WriteContext,
): Promise<void> {
  const isSettled = outcome.kind !== 'retryAfter' && outcome.kind !== 'runFailed';
  if (!isSettled || isHopeless(outcome) || !mayHaveBeenGivenUp(child, entry, context)) return;
  for await (const edge of linking.edges.givenUpBy(child)) {
    // This very message is not parked, whatever an earlier attempt thought.
    const letters = edge.letters.filter((letter) => letter !== context.deadLetterId);
    // What is refused for another reason has a newer letter, which speaks for all.
    if (outcome.kind !== 'rejected' && letters.length > 0) await linking.release(child, letters);
    await linking.edges.takeBack(edge);
  }
  const now = await memory.get(child.key);
  if (now !== null && isGivenUp(now)) await memory.put(child.key, withGivenUp(now, false));
}

/** Saves a look at edges: the memory says so, or it may be behind. */
const mayHaveBeenGivenUp = (
  child: QueuedRecord,
  entry: WrittenEntry | null,
  { attempt }: WriteContext,
): boolean => isGivenUp(entry) || isAskedFor(child) || attempt > 1;
