import {
  type Absence,
  COMPLETE_SINCE,
  type EdgeEnd,
  type Leaving,
  leavingOf,
  standingOf,
  type WrittenEntry,
  type WrittenMemory,
} from '@landbridge/messaging';
import { nameOf, withEdges } from './standing.ts';
import type { TableLinking } from './table-linking.ts';

export type ParentDeps = { memory: Pick<WrittenMemory, 'get' | 'put'>; linking: TableLinking };

/**
 * Has everything read again that waits for a record, or that was given up for want of it; call it
 * after its memory was put.
 */
export async function callChildren(parent: EdgeEnd, linking: TableLinking): Promise<void> {
  if (!(await linking.edges.isReferredTo(parent))) return;
  await releaseChildren(parent, linking);
  for await (const { childTable, childKey } of linking.edges.givenUpTo(parent)) {
    await linking.readAgain({ table: childTable, key: childKey });
  }
}

/**
 * Has everything written again that refers by key to a record which was just made in Campaign: a
 * reference of Campaign's own leads to the one that was there before.
 */
export async function rewriteChildren(
  parent: EdgeEnd,
  { edges, nestedIn, rewrite }: TableLinking,
): Promise<void> {
  if (nestedIn.size === 0) return;
  for await (const { childTable, childKey } of edges.linkedTo(parent)) {
    if (nestedIn.has(childTable)) await rewrite({ table: childTable, key: childKey });
  }
}

/** Has everything read again that waits for a record; call it after its memory was put. */
export async function releaseChildren(
  parent: EdgeEnd,
  { edges, readAgain }: TableLinking,
): Promise<void> {
  const asked = new Set<string>();
  for await (const edge of edges.waitingFor(parent)) {
    const child = { table: edge.childTable, key: edge.childKey };
    // The mark puts the edge anew, so that it comes by once more.
    if (asked.has(nameOf(child))) continue;
    asked.add(nameOf(child));
    // First the mark: what is asked twice costs a read, what is never asked waits for the sweep.
    await edges.wait(edge, 'asked');
    await readAgain(child);
  }
}

/**
 * Remembers that a record which others may refer to will not come, and tells those that wait for it.
 * What is in Campaign stays landed, whatever became of its latest change.
 */
export async function noteAbsence(
  parent: EdgeEnd,
  absence: Absence,
  { memory, linking }: ParentDeps,
): Promise<void> {
  if (!linking.isTarget) return;
  const entry = await memory.get(parent.key);
  const standing = standingOf(entry);
  const isKnown = standing !== 'unknown' && standing !== 'waiting';
  if (isKnown && standing !== 'missing') {
    if (standing !== 'landed') await releaseChildren(parent, linking);
    return;
  }
  // A memory that forgot something cannot say that nothing of it is in Campaign.
  const unsure = entry === null && (await memory.get(COMPLETE_SINCE)) === null;
  const bare = withEdges(entry, { linked: [], waiting: [] });
  const extra = { ...bare.extra, absent: absence, ...(unsure ? { unsure: true } : {}) };
  await memory.put(parent.key, { ...bare, extra });
  await releaseChildren(parent, linking);
}

/**
 * Whether records still refer to one that is to be deleted. They are read again then: each is
 * deleted, refers to another, or becomes a dead letter, and the last one brings the deletion back.
 */
export async function isHeldByChildren(
  parent: EdgeEnd,
  entry: WrittenEntry | null,
  leaving: Leaving,
  { memory, linking }: ParentDeps,
): Promise<boolean> {
  if (!linking.isTarget || entry === null || entry.hash === null) return false;
  if (leavingOf(entry) !== leaving) {
    await memory.put(parent.key, { ...entry, extra: { ...entry.extra, deleting: leaving } });
  }
  let isHeld = false;
  for await (const { childTable, childKey } of linking.edges.linkedTo(parent)) {
    if (!isHeld) await linking.edges.markDeleting(parent);
    isHeld = true;
    await linking.readAgain({ table: childTable, key: childKey });
  }
  return isHeld;
}

/** A record that was about to go stays after all; gives what is remembered of it now. */
export async function stayAfterAll(
  parent: EdgeEnd,
  entry: WrittenEntry | null,
  { memory, linking }: ParentDeps,
): Promise<WrittenEntry | null> {
  if (entry === null || leavingOf(entry) === null) return entry;
  const { deleting: _deleting, ...extra } = entry.extra ?? {};
  const { hash, version } = entry;
  const staying = { hash, version, ...(Object.keys(extra).length === 0 ? {} : { extra }) };
  await linking.edges.unmarkDeleting(parent);
  await memory.put(parent.key, staying);
  await callChildren(parent, linking);
  return staying;
}
