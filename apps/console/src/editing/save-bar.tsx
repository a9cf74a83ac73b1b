import { Button } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useWorkflows } from '../api/live.tsx';
import { useExplain } from '../frame/notices.tsx';
import { useSay } from '../locale/locale.tsx';
import type { WorkflowName } from '../api/types.ts';
import type { Saving } from './save-state.ts';

const bar = style({
  position: 'sticky',
  bottom: 0,
  zIndex: 2,
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: 12,
  marginX: { default: -16, sm: -24, lg: -32 },
  paddingX: { default: 16, sm: 24, lg: 32 },
  paddingY: 12,
  backgroundColor: 'base',
  borderStyle: 'solid',
  borderWidth: 0,
  borderTopWidth: 1,
  borderColor: 'gray-200',
});
const words = style({
  font: 'body-sm',
  margin: 0,
  flexGrow: 1,
  flexBasis: { default: 'full', sm: 'auto' },
  color: { default: 'body', isBad: 'negative' },
});

interface Props {
  edit: Saving;
  instance: string;
  workflow: WorkflowName;
}

/** Always in reach: whether something is unsaved, how the last save ended, Save and Discard. */
export function SaveBar({ edit, instance, workflow }: Props) {
  const say = useSay();
  const text = useSaveText(edit, instance, workflow);
  const { kind } = edit.state;
  return (
    <div className={bar}>
      <p className={words({ isBad: kind === 'faulty' || kind === 'failed' })} role="status">
        {text}
      </p>
      <Button
        variant="secondary"
        data-action="discard"
        isDisabled={!edit.changed || kind === 'saving'}
        onPress={edit.discard}
      >
        {say('save.discard')}
      </Button>
      <Button
        variant="accent"
        data-action="save"
        isDisabled={!edit.changed || kind === 'stale'}
        isPending={kind === 'saving'}
        onPress={() => void edit.save()}
      >
        {say('save.save')}
      </Button>
    </div>
  );
}

function useSaveText(
  { state, changed, faults, warnings }: Saving,
  instance: string,
  workflow: WorkflowName,
): string {
  const say = useSay();
  const explain = useExplain();
  const workflows = useWorkflows(instance);
  const view = workflows.data?.find((known) => known.workflow === workflow);
  switch (state.kind) {
    case 'saving':
      return say('save.saving');
    case 'faulty':
      return say('save.faults', { count: faults.length + state.elsewhere.length });
    case 'failed':
      return say('save.failed', { detail: explain(state.error) });
    case 'saved': {
      const runs = view?.status === 'RUNNING' || view?.status === 'STARTING';
      const saved = say(runs ? 'save.savedWaits' : 'save.saved');
      const count = warnings.length + state.elsewhere.length;
      return count === 0 ? saved : `${saved} ${say('save.warnings', { count })}`;
    }
    case 'stale':
    case 'idle':
      return say(changed ? 'save.unsaved' : 'save.nothing');
  }
}
