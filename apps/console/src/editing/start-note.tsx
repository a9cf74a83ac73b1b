import { Content, Heading, InlineAlert } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useWorkflows } from '../api/live.tsx';
import type { WorkflowName } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';
import { reasonOf } from '../workflows/server-sentences.ts';

/** While what is saved may not be started: that it may not, and why. */
export function StartNote({ instance, workflow }: { instance: string; workflow: WorkflowName }) {
  const say = useSay();
  const workflows = useWorkflows(instance);
  const view = workflows.data?.find((known) => known.workflow === workflow);
  if (view === undefined || view.actions.start.reason === null) return null;
  if (view.stopping || view.status === 'RUNNING' || view.status === 'STARTING') return null;
  const { reason } = view.actions.start;
  const known = reasonOf(reason);
  return (
    <div data-start-note>
      <InlineAlert variant="informative" styles={style({ maxWidth: 'full' })}>
        <Heading level={2}>{say('edit.start')}</Heading>
        <Content>{known === null ? <span lang="en">{reason}</span> : say(known)}</Content>
      </InlineAlert>
    </div>
  );
}
