import type { InstanceId, ReplicaId, Report, TableName, WorkflowName } from '@landbridge/contracts';

/** One table of one workflow of one instance: what cursors, ticks and records are kept apart by. */
export interface TableAddress {
  workflow: WorkflowName;
  instance: InstanceId;
  table: TableName;
}

/** One workflow of one instance. */
export type WorkflowAddress = Omit<TableAddress, 'table'>;

/**
 * Any text as one token of a subject, of a bucket's key or of a consumer's name.
 * Shape   letters, digits, `_` and `-` stay; every other byte of the UTF-8 becomes `=` and two hex
 *         digits; the empty text becomes `=`. `tokenText` gives the text back.
 */
export function token(text: string): string {
  if (text === '') return '=';
  // A run as a whole, because a character may be two units of a string.
  return text.replaceAll(/[^A-Za-z0-9_-]+/g, (run) =>
    Array.from(Buffer.from(run, 'utf8'), escapeByte).join(''),
  );
}

/** The text that `token` made into a token. */
export function tokenText(escaped: string): string {
  if (escaped === '=') return '';
  if (!escaped.includes('=')) return escaped;
  const bytes = Array.from(escaped.matchAll(/=([0-9a-f]{2})|([^=])/g), ([, hex, plain]) =>
    hex === undefined ? (plain ?? '').charCodeAt(0) : Number.parseInt(hex, 16),
  );
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

const escapeByte = (byte: number): string => `=${byte.toString(16).padStart(2, '0')}`;

const dotted = (...texts: string[]): string => texts.map(token).join('.');

export const queueSubject = (at: TableAddress, partition: number): string =>
  `queue.${dotted(at.workflow, at.instance, at.table, String(partition))}`;
/** All tables' records of one partition. */
export const partitionFilter = (at: WorkflowAddress, partition: number): string =>
  `queue.${dotted(at.workflow, at.instance)}.*.${token(String(partition))}`;
export const queueFilter = (at: WorkflowAddress): string =>
  `queue.${dotted(at.workflow, at.instance)}.>`;

/** One table's records of all partitions. */
export const queueTableFilter = (at: TableAddress): string =>
  `queue.${dotted(at.workflow, at.instance, at.table)}.*`;

/** The table that a queue's subject names; null for a subject of another shape. */
export function tableOfQueueSubject(subject: string): string | null {
  const [kind, , , table] = subject.split('.');
  return kind === 'queue' && table !== undefined ? tokenText(table) : null;
}

/** The partition that a queue's subject names; null for a subject of another shape. */
export function partitionOfQueueSubject(subject: string): number | null {
  const [kind, , , , partition] = subject.split('.');
  return kind === 'queue' && partition !== undefined ? Number(tokenText(partition)) : null;
}

export const tickSubject = (at: TableAddress): string =>
  `tick.${dotted(at.workflow, at.instance, at.table)}`;

export const retrySubject = (at: TableAddress): string =>
  `retry.${dotted(at.workflow, at.instance, at.table)}`;

/** Requests of all tables of a workflow. */
export const retryFilter = (at: WorkflowAddress): string =>
  `retry.${dotted(at.workflow, at.instance)}.*`;

export const reportSubject = (at: WorkflowAddress, kind: Report['kind']): string =>
  `reports.${dotted(at.workflow, at.instance, kind)}`;

export const deadSubject = (at: TableAddress, id: string): string =>
  `dead.${dotted(at.workflow, at.instance, at.table, id)}`;
export const deadFilter = (at: WorkflowAddress): string =>
  `dead.${dotted(at.workflow, at.instance)}.>`;
/** The one dead letter of this id, whatever its table. */
export const deadIdFilter = (at: WorkflowAddress, id: string): string =>
  `dead.${dotted(at.workflow, at.instance)}.*.${token(id)}`;

export const writtenSubject = (at: TableAddress, key: string): string =>
  `written.${dotted(at.workflow, at.instance, at.table, key)}`;
export const writtenFilter = (at: TableAddress): string =>
  `written.${dotted(at.workflow, at.instance, at.table)}.*`;
/** The key that a subject of the written memory names. */
export const keyOfWrittenSubject = (subject: string): string => keyOfSubject(subject);

/**
 * `link`: written with it. `waiting`: not written yet, or not visible, for want of the parent.
 * `givenup`: a dead letter, because the parent will not come.
 */
export type EdgeKind = 'link' | 'waiting' | 'givenup';

/** One record that refers to another, each by its table and its key at the source. */
export interface Edge {
  parentTable: TableName;
  parentKey: string;
  childTable: TableName;
  childKey: string;
}

export const edgeSubject = (kind: EdgeKind, at: WorkflowAddress, edge: Edge): string =>
  `${kind}.${dotted(at.workflow, at.instance, edge.parentTable, edge.parentKey, edge.childTable, edge.childKey)}`;
/** The edges to every record of a table, or to one of them. */
export const edgesBelow = (kind: EdgeKind, parents: TableAddress, parentKey?: string): string => {
  const { workflow, instance, table } = parents;
  const key = parentKey === undefined ? '*' : token(parentKey);
  return `${kind}.${dotted(workflow, instance, table)}.${key}.*.*`;
};
/** The edges of every kind to one record. */
export const anyEdgesBelow = ({ workflow, instance, table }: TableAddress, parentKey: string) =>
  `*.${dotted(workflow, instance, table, parentKey)}.*.*`;
/** The edges from every record of a table, or from one of them. */
export const edgesAbove = (kind: EdgeKind, children: TableAddress, childKey?: string): string => {
  const { workflow, instance, table } = children;
  const key = childKey === undefined ? '*' : token(childKey);
  return `${kind}.${dotted(workflow, instance)}.*.*.${token(table)}.${key}`;
};
/** null: the subject is none of an edge. */
export function edgeOfSubject(subject: string): Edge | null {
  const [, , , ...ends] = subject.split('.');
  const [parentTable, parentKey, childTable, childKey] = ends.map(tokenText);
  if (parentTable === undefined || parentKey === undefined) return null;
  if (childTable === undefined || childKey === undefined) return null;
  return { parentTable, parentKey, childTable, childKey };
}

export const deletingSubject = (at: TableAddress, key: string): string =>
  `deleting.${dotted(at.workflow, at.instance, at.table, key)}`;
export const deletingFilter = (at: TableAddress): string =>
  `deleting.${dotted(at.workflow, at.instance, at.table)}.*`;
/** The key that the last token of a subject names. */
export const keyOfSubject = (subject: string): string =>
  tokenText(subject.slice(subject.lastIndexOf('.') + 1));

/** An event that waits for its contact. */
export const awaitedSubject = (at: TableAddress, key: string): string =>
  `await.${dotted(at.workflow, at.instance, at.table, key)}`;
export const awaitedTableFilter = (at: TableAddress): string =>
  `await.${dotted(at.workflow, at.instance, at.table)}.*`;
export const awaitedFilter = (at: WorkflowAddress): string =>
  `await.${dotted(at.workflow, at.instance)}.>`;

/** What was decided about one opt-out of one contact. */
export const decisionSubject = (at: WorkflowAddress, contactId: string, attribute: string) =>
  `decision.${dotted(at.workflow, at.instance, contactId, attribute)}`;
/** `attribute` null: about all of them. */
export const decisionFilter = (
  at: WorkflowAddress,
  contactId: string,
  attribute: string | null,
): string =>
  `decision.${dotted(at.workflow, at.instance, contactId)}.${attribute === null ? '*' : token(attribute)}`;

export const verifySubject = (at: TableAddress): string =>
  `verify.${dotted(at.workflow, at.instance, at.table)}`;
export const differenceSubject = (at: TableAddress, id: string): string =>
  `difference.${dotted(at.workflow, at.instance, at.table, id)}`;
export const differenceFilter = (at: TableAddress): string =>
  `difference.${dotted(at.workflow, at.instance, at.table)}.*`;
/** Where a verification's progress is kept, and the id of the last one that was called off. */
export const verificationKey = (at: TableAddress): string =>
  dotted(at.workflow, at.instance, at.table, '_verification');
export const cancelledKey = (at: TableAddress): string =>
  dotted(at.workflow, at.instance, at.table, '_cancelled');

export const heartbeatSubject = (workflow: WorkflowName, replica: ReplicaId): string =>
  `heartbeat.${dotted(workflow, replica)}`;
export const heartbeatFilter = 'heartbeat.*.*';

/** A key of the `DESIRED` bucket. */
export const desiredKey = (at: WorkflowAddress): string => dotted(at.workflow, at.instance);
export const desiredFilter = (workflow: WorkflowName): string => `${token(workflow)}.*`;

/** A key of the `CURSORS` bucket. */
export const cursorKey = (at: TableAddress): string => dotted(at.workflow, at.instance, at.table);
/** Where the agreed number of partitions is kept: no table's name begins with an underscore. */
export const partitionsKey = (at: WorkflowAddress): string =>
  dotted(at.workflow, at.instance, '_partitions');

/** Keys of the `LEDGERS` bucket: the day's calls to a system, and the deletes of a table. */
export const callsKey = (instance: InstanceId, system: 'dynamics' | 'campaign'): string =>
  `calls.${dotted(instance, system)}`;
export const deletesKey = (at: TableAddress): string =>
  dotted(at.workflow, at.instance, 'deletes', at.table);

/** Where a delete that waits, that was approved or that was discarded lies. */
export type DeleteState = 'held' | 'approved' | 'discarded';
export const deleteSubject = (at: TableAddress, state: DeleteState, key: string): string =>
  `delete.${dotted(at.workflow, at.instance, at.table, state, key)}`;
export const deletesInState = (at: TableAddress, state: DeleteState): string =>
  `delete.${dotted(at.workflow, at.instance, at.table, state)}.*`;
export const deleteOfKey = (at: TableAddress, key: string): string =>
  `delete.${dotted(at.workflow, at.instance, at.table)}.*.${token(key)}`;

/** Where the records that a person chose are named, until they are read. */
export const selectionKey = (at: TableAddress): string =>
  dotted(at.workflow, at.instance, '_selection', at.table);

export const partitionConsumer = (at: WorkflowAddress, partition: number): string =>
  [at.workflow, at.instance, String(partition)].map(token).join('_');
/** No table's name begins with an underscore. */
export const workflowConsumer = (at: WorkflowAddress): string =>
  tableConsumer({ ...at, table: '_all' });
export const tableConsumer = (at: TableAddress): string =>
  [at.workflow, at.instance, at.table].map(token).join('_');
