import { InstanceId, WorkflowName } from '@landbridge/contracts';
import type { WorkflowKey } from '../control-plane.ts';

/** What a stream's id begins with, and so what its events are about. */
export const STREAM_PREFIX = {
  instance: 'instance-',
  workflow: 'workflow-',
  figures: 'figures-',
  deadLetters: 'dead-letters-',
  verifications: 'verifications-',
} as const;

/** Reports that could not be read; for operators, no projection reads them. */
export const UNREADABLE_REPORTS = 'unreadable-reports';

export const instanceStream = (instance: InstanceId) => `${STREAM_PREFIX.instance}${instance}`;
export const workflowStream = (key: WorkflowKey) => `${STREAM_PREFIX.workflow}${nameOf(key)}`;
export const figuresStream = (key: WorkflowKey) => `${STREAM_PREFIX.figures}${nameOf(key)}`;
export const deadLettersStream = (key: WorkflowKey) => `${STREAM_PREFIX.deadLetters}${nameOf(key)}`;

export const verificationsStream = (key: WorkflowKey) =>
  `${STREAM_PREFIX.verifications}${nameOf(key)}`;

/** An instance's id may hold hyphens, a workflow's name holds none: the last hyphen parts them. */
const nameOf = ({ instance, workflow }: WorkflowKey) => `${instance}-${workflow}`;

/** Which workflow a stream is about; null when its id has another prefix. */
export function workflowKeyOf(
  streamId: string,
  prefix: (typeof STREAM_PREFIX)[keyof typeof STREAM_PREFIX],
): WorkflowKey | null {
  if (!streamId.startsWith(prefix)) return null;
  const name = streamId.slice(prefix.length);
  const cut = name.lastIndexOf('-');
  const instance = InstanceId.safeParse(name.slice(0, cut));
  const workflow = WorkflowName.safeParse(name.slice(cut + 1));
  return instance.success && workflow.success
    ? { instance: instance.data, workflow: workflow.data }
    : null;
}

/** Which instance a stream is about; null when it is another kind of stream. */
export function instanceOf(streamId: string): InstanceId | null {
  if (!streamId.startsWith(STREAM_PREFIX.instance)) return null;
  const instance = InstanceId.safeParse(streamId.slice(STREAM_PREFIX.instance.length));
  return instance.success ? instance.data : null;
}
