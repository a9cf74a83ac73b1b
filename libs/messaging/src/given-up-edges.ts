import type { TableName } from '@landbridge/contracts';
import { z } from 'zod';
import type { Bus } from './bus.ts';
import type { EdgeEnd } from './link-edges.ts';
import { jsonOf, Since, storedLinks } from './stored-links.ts';
import {
  type Edge,
  edgeOfSubject,
  edgesAbove,
  edgesBelow,
  type WorkflowAddress,
} from './subjects.ts';

/** An edge to a parent that will not come, of a record that is a dead letter for it. */
export interface GivenUpEdge extends Edge {
  since: Date;
  /** The record's dead letters for want of this parent, newest last. */
  letters: string[];
  /** Grows with each put in the stream: hand it to `givenUpTo` to go on after this one. */
  sequence: number;
}

const GivenUpBody = z.object({ since: Since, letters: z.array(z.string()).catch([]) });

/** Those to one record, or to any of a table. One look where there are none. */
export function givenUpTo(
  bus: Bus,
  at: WorkflowAddress,
  { table, key, afterSequence }: { table: TableName; key?: string; afterSequence?: number },
): AsyncIterable<GivenUpEdge> {
  return givenUpIn(bus, edgesBelow('givenup', { ...at, table }, key), afterSequence);
}

/** Those of one record. */
export function givenUpBy(
  bus: Bus,
  at: WorkflowAddress,
  { table, key }: EdgeEnd,
): AsyncIterable<GivenUpEdge> {
  return givenUpIn(bus, edgesAbove('givenup', { ...at, table }, key));
}

async function* givenUpIn(
  bus: Bus,
  filter: string,
  afterSequence?: number,
): AsyncGenerator<GivenUpEdge> {
  for await (const { subject, data, seq: sequence } of storedLinks(bus, filter, afterSequence)) {
    const edge = edgeOfSubject(subject);
    const { data: body } = GivenUpBody.safeParse(jsonOf(data));
    if (edge !== null) yield { ...edge, since: new Date(0), letters: [], ...body, sequence };
  }
}
