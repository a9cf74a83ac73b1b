import type { TableName } from '@landbridge/contracts';
import { AckPolicy, DeliverPolicy, ReplayPolicy } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { z } from 'zod';
import type { Bus } from './bus.ts';
import { givenUpBy, type GivenUpEdge, givenUpTo } from './given-up-edges.ts';
import { jsonOf, Since, storedLinks } from './stored-links.ts';
import { LINKS } from './streams.ts';
import {
  anyEdgesBelow,
  deletingFilter,
  deletingSubject,
  type Edge,
  type EdgeKind,
  edgeOfSubject,
  edgesAbove,
  edgesBelow,
  edgeSubject,
  keyOfSubject,
  type TableAddress,
  type WorkflowAddress,
} from './subjects.ts';

/**
 * `waiting`: for its parent to land. `asked`: to be read again, because the parent has landed or will
 * never come. `hidden`: written, but Campaign does not show it, as if its parent were not there.
 * `leaving`: as `hidden`, and to be deleted.
 */
export const WaitState = z.enum(['waiting', 'asked', 'hidden', 'leaving']);
export type WaitState = z.infer<typeof WaitState>;

/** An edge that keeps its child from being written. `since`: when it came to this state. */
export interface WaitingEdge extends Edge {
  state: WaitState;
  since: Date;
  /** Grows with each put in the stream: hand it to `waitingFor` to go on after this one. */
  sequence: number;
}

/** A written edge. */
export interface LinkedEdge extends Edge {
  since: Date;
}

/** A record whose deletion waits for those that refer to it. */
export interface PendingDeletion {
  key: string;
  /** When its children were last asked for. */
  since: Date;
}

/** One record as the end of an edge. */
export interface EdgeEnd {
  table: TableName;
  key: string;
}

/** The links between the records of one workflow and instance. All of it may be done twice. */
export interface LinkEdges {
  link(edge: Edge): Promise<void>;
  unlink(edge: Edge): Promise<void>;
  wait(edge: Edge, state: WaitState): Promise<void>;
  stopWaiting(edge: Edge): Promise<void>;
  /** Those that wait for one record, or for any of a table. One look where there are none. */
  waitingFor(parent: {
    table: TableName;
    key?: string;
    afterSequence?: number;
  }): AsyncIterable<WaitingEdge>;
  linkedTo(parent: EdgeEnd): AsyncIterable<LinkedEdge>;
  /** `letters`: the dead letters of the child for want of this parent, newest last. */
  giveUp(edge: Edge, letters: readonly string[]): Promise<void>;
  takeBack(edge: Edge): Promise<void>;
  /** Those that were given up for want of one record, or of any of a table. */
  givenUpTo(parent: {
    table: TableName;
    key?: string;
    afterSequence?: number;
  }): AsyncIterable<GivenUpEdge>;
  givenUpBy(child: EdgeEnd): AsyncIterable<GivenUpEdge>;
  /** Whether there is an edge of any kind to a record; one look. */
  isReferredTo(parent: EdgeEnd): Promise<boolean>;
  markDeleting(parent: EdgeEnd): Promise<void>;
  unmarkDeleting(parent: EdgeEnd): Promise<void>;
  deletions(table: TableName): AsyncIterable<PendingDeletion>;
}

export function linkEdges(bus: Bus, at: WorkflowAddress): LinkEdges {
  const put = async (subject: string, body: object): Promise<void> => {
    await bus.js.publish(subject, JSON.stringify(body), { timeout: 10_000 });
  };
  const remove = async (filter: string): Promise<void> => {
    await bus.jsm.streams.purge(LINKS.name, { filter });
  };
  const since = () => new Date().toISOString();
  return {
    link: (edge) => put(edgeSubject('link', at, edge), { state: 'linked', since: since() }),
    unlink: (edge) => remove(edgeSubject('link', at, edge)),
    wait: (edge, state) => put(edgeSubject('waiting', at, edge), { state, since: since() }),
    stopWaiting: (edge) => remove(edgeSubject('waiting', at, edge)),
    waitingFor: ({ table, key, afterSequence }) =>
      waitingIn(bus, edgesBelow('waiting', { ...at, table }, key), afterSequence),
    linkedTo: ({ table, key }) => linkedIn(bus, edgesBelow('link', { ...at, table }, key)),
    giveUp: (edge, letters) => put(edgeSubject('givenup', at, edge), { since: since(), letters }),
    takeBack: (edge) => remove(edgeSubject('givenup', at, edge)),
    givenUpTo: (parent) => givenUpTo(bus, at, parent),
    givenUpBy: (child) => givenUpBy(bus, at, child),
    isReferredTo: async ({ table, key }) => {
      const query = { seq: 1, next_by_subj: anyEdgesBelow({ ...at, table }, key) };
      return (await bus.jsm.direct.getMessage(LINKS.name, query)) !== null;
    },
    markDeleting: ({ table, key }) =>
      put(deletingSubject({ ...at, table }, key), { since: since() }),
    unmarkDeleting: ({ table, key }) => remove(deletingSubject({ ...at, table }, key)),
    deletions: (table) => deletionsIn(bus, deletingFilter({ ...at, table })),
  };
}

/** Which parents a record was written with, and which it waits for. */
export async function edgesOfChild(
  bus: Bus,
  at: TableAddress,
  childKey: string,
): Promise<{ linked: LinkedEdge[]; waiting: WaitingEdge[] }> {
  const find = (kind: EdgeKind) => edgesAbove(kind, at, childKey);
  return {
    linked: await firstOf(linkedIn(bus, find('link')), Infinity),
    waiting: await firstOf(waitingIn(bus, find('waiting')), Infinity),
  };
}

/** Which records refer to one, and which of them wait for it; at most `limit` of each. */
export async function edgesOfParent(
  bus: Bus,
  at: TableAddress,
  parentKey: string,
  { limit = 100 }: { limit?: number } = {},
): Promise<{ linked: LinkedEdge[]; waiting: WaitingEdge[] }> {
  const find = (kind: EdgeKind) => edgesBelow(kind, at, parentKey);
  return {
    linked: await firstOf(linkedIn(bus, find('link')), limit),
    waiting: await firstOf(waitingIn(bus, find('waiting')), limit),
  };
}

const COUNTING_IDLE_MS = 10_000;

/** How many links of the table's records wait for a parent. */
export async function waitingCount(bus: Bus, at: TableAddress): Promise<number> {
  // The server counts what a new consumer would get, without handing out any of it.
  const { name, num_pending } = await bus.jsm.consumers.add(LINKS.name, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    filter_subject: edgesAbove('waiting', at),
    inactive_threshold: nanos(COUNTING_IDLE_MS),
    mem_storage: true,
    num_replicas: 1,
  });
  await bus.jsm.consumers.delete(LINKS.name, name).catch(() => false);
  return num_pending;
}

async function* waitingIn(
  bus: Bus,
  filter: string,
  afterSequence?: number,
): AsyncGenerator<WaitingEdge> {
  for await (const { subject, data, seq: sequence } of storedLinks(bus, filter, afterSequence)) {
    const edge = edgeOfSubject(subject);
    const unread = { state: 'waiting', since: new Date(0) } as const;
    if (edge !== null) yield { ...edge, ...unread, ...bodyOf(data), sequence };
  }
}

async function* linkedIn(bus: Bus, filter: string): AsyncGenerator<LinkedEdge> {
  for await (const { subject, data } of storedLinks(bus, filter)) {
    const edge = edgeOfSubject(subject);
    if (edge !== null) yield { ...edge, since: sinceOf(data) };
  }
}

async function* deletionsIn(bus: Bus, filter: string): AsyncGenerator<PendingDeletion> {
  for await (const { subject, data } of storedLinks(bus, filter)) {
    yield { key: keyOfSubject(subject), since: sinceOf(data) };
  }
}

async function firstOf<Item>(items: AsyncIterable<Item>, limit: number): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) {
    found.push(item);
    if (found.length >= limit) break;
  }
  return found;
}

const WaitingBody = z.object({ state: WaitState.catch('waiting'), since: Since });

/** What cannot be read has waited since ever, so that it is looked at first. */
function bodyOf(data: Uint8Array): Partial<z.infer<typeof WaitingBody>> {
  return WaitingBody.safeParse(jsonOf(data)).data ?? {};
}

function sinceOf(data: Uint8Array): Date {
  return z.object({ since: Since }).safeParse(jsonOf(data)).data?.since ?? new Date(0);
}
