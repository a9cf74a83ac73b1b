import { type InstanceId, WorkflowName } from '@landbridge/contracts';
import type { Bus } from './bus.ts';
import { removeDesired } from './desired-state.ts';
import { isConsumerGone } from './errors.ts';
import { REPORTS, STREAMS } from './streams.ts';
import { token, type WorkflowAddress } from './subjects.ts';

/**
 * Takes away all that JetStream keeps of an instance: desired states, cursors, queues, ticks,
 * requests, the written memory, dead letters and the consumers of them. Reports stay, for the log
 * still takes them. Doing it twice, or two at once, is doing it once; do it only while nothing of
 * the instance runs.
 */
export async function forgetInstance(bus: Bus, instance: InstanceId): Promise<void> {
  for (const workflow of WorkflowName.options) await forgetWorkflow(bus, { workflow, instance });
}

async function forgetWorkflow(bus: Bus, at: WorkflowAddress): Promise<void> {
  await removeDesired(bus, at);
  const [workflow, instance] = [token(at.workflow), token(at.instance)];
  for (const { name, subjects } of STREAMS.filter((stream) => stream.name !== REPORTS.name)) {
    for await (const consumer of bus.jsm.consumers.list(name)) {
      if (!consumer.name.startsWith(`${workflow}_${instance}_`)) continue;
      await bus.jsm.consumers.delete(name, consumer.name).catch(unlessGone);
    }
    for (const prefix of new Set(subjects.map(prefixOf))) {
      await bus.jsm.streams.purge(name, { filter: `${prefix}.${workflow}.${instance}.>` });
    }
  }
}

const unlessGone = (error: unknown): boolean => {
  if (!isConsumerGone(error)) throw error;
  return false;
};

/** What a subject says before it names the workflow. */
const prefixOf = (subject: string): string =>
  subject.startsWith('$KV.')
    ? subject.split('.').slice(0, 2).join('.')
    : subject.split('.', 1).join();
