import { WorkflowName, type WorkflowView } from '@landbridge/contracts';
import type { Api } from './api.ts';

/** What the terminal shows of what moves, rewritten in place where it can be. */
export interface LiveLine {
  /** Prints a line of its own above the live one. */
  say(text: string): void;
  stop(): void;
}

/** How often a terminal is refreshed, and how often a file or a pipe gets a line. */
const EVERY_MS = { terminal: 1_000, file: 10_000 };

/** What each workflow was when it was last looked at. */
type Seen = Map<WorkflowName, { view: WorkflowView; atMs: number }>;

/** One line a second about the instance's workflows: status, backlog, records written, and a rate. */
export function showLiveLine(api: Api, instance: string, out: NodeJS.WriteStream): LiveLine {
  const terminal = out.isTTY;
  const seen: Seen = new Map();
  let line = '';
  const draw = (): void => {
    out.write(terminal ? `\r\u001b[2K${line.slice(0, out.columns - 1)}` : `${line}\n`);
  };
  const refresh = async (): Promise<void> => {
    const told = WorkflowName.options.map(async (workflow) => {
      const view = await api.workflow(instance, workflow);
      const atMs = performance.now();
      const text = describe(view, rateSince(seen.get(workflow) ?? null, view, atMs));
      seen.set(workflow, { view, atMs });
      return text;
    });
    line = await Promise.all(told)
      .then((parts) => parts.join(' │ '))
      .catch(() => 'the control plane does not answer');
    draw();
  };
  const timer = setInterval(() => void refresh(), terminal ? EVERY_MS.terminal : EVERY_MS.file);
  void refresh();
  return {
    say: (text) => {
      out.write(terminal ? `\r\u001b[2K${text}\n` : `${text}\n`);
      if (terminal) draw();
    },
    stop: () => {
      clearInterval(timer);
      if (terminal) out.write('\n');
    },
  };
}

function rateSince(
  last: { view: WorkflowView; atMs: number } | null,
  view: WorkflowView,
  atMs: number,
): number {
  if (last === null || last.view.runId !== view.runId) return 0;
  const writtenCount = view.figures.written - last.view.figures.written;
  return Math.max(0, writtenCount / ((atMs - last.atMs) / 1_000));
}

/** Three of them must fit into a terminal's line. */
function describe(view: WorkflowView, perSecond: number): string {
  const conditions = view.conditions.map((condition) => condition.type).join(', ');
  return [
    `${view.workflow} ${view.status}${view.stopping ? ' (stopping)' : ''}`,
    ...(view.failure === null ? [] : [view.failure.message]),
    ...(conditions === '' ? [] : [conditions]),
    ...(view.backlog === 0 ? [] : [`backlog ${view.backlog.toLocaleString('en')}`]),
    `written ${view.figures.written.toLocaleString('en')}`,
    `${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`,
  ].join(' · ');
}
