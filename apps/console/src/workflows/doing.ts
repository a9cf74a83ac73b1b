import type { Message } from '../locale/message.ts';
import type { WorkflowView } from '../api/types.ts';

/** A length of time in the unit that people would say it in. */
export function durationOf(seconds: number): Message {
  if (seconds < 90) {
    return { id: 'duration.seconds', values: { count: Math.max(1, Math.round(seconds)) } };
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return { id: 'duration.minutes', values: { count: minutes } };
  return { id: 'duration.hours', values: { count: Math.round(minutes / 60) } };
}

const WATCHING = {
  ingress: 'doing.watching.ingress',
  egress: 'doing.watching.egress',
  optin: 'doing.watching.optin',
} as const;

type TableView = WorkflowView['tables'][number];

/** How far the full read of a table is; of several, people see the first until it is done. */
function loadingOf({ table, load, secondsLeft }: TableView): ReturnType<typeof doingOf> {
  const { done = 0, total = null } = load ?? {};
  if (total === null) {
    return { message: { id: 'doing.loadingUncounted', values: { table, done } }, left: null };
  }
  const values = { table, done, total };
  return secondsLeft === null
    ? { message: { id: 'doing.loadingSlowly', values }, left: null }
    : { message: { id: 'doing.loading', values }, left: durationOf(secondsLeft) };
}

/**
 * One line on what a workflow is doing now. `left`: how long the backlog lasts at the present
 * rate, to be put into the sentence as `duration` once it is written in the reader's language.
 */
export function doingOf(view: WorkflowView): { message: Message; left: Message | null } {
  const { backlog } = view;
  const say = (id: Message['id'], values: Message['values'] = {}) => ({
    message: { id, values },
    left: null,
  });
  if (view.stopping) return say('doing.stopping', { backlog });
  if (view.status === 'STARTING') return say('doing.starting');
  if (view.status === 'FAILED') return say('doing.failed');
  if (view.status === 'STOPPED') {
    return backlog > 0 ? say('doing.stoppedBacklog', { backlog }) : say('doing.stopped');
  }
  const loading = view.tables.find(({ load }) => load !== null);
  if (loading !== undefined) return loadingOf(loading);
  const rate = view.figures.writtenPerSecond;
  if (backlog === 0) return say(WATCHING[view.workflow]);
  if (rate <= 0) return say('doing.waitingToWrite', { backlog });
  return {
    message: { id: 'doing.writing', values: { backlog } },
    left: durationOf(backlog / rate),
  };
}
