import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useLive } from '../api/live.tsx';
import { useSay } from '../locale/locale.tsx';

const heardOnly = style({
  position: 'absolute',
  width: 1,
  height: 1,
  overflow: 'hidden',
  whiteSpace: 'nowrap',
  opacity: 0,
});

/** Tells people who cannot see the page that a workflow's status changed. */
export function Announcer() {
  const { transition } = useLive();
  const say = useSay();
  const text = transition === null ? '' : sentence();
  return (
    <div className={heardOnly} role="status" aria-live="polite">
      {text}
    </div>
  );

  function sentence(): string {
    if (transition === null) return '';
    const { kind, view } = transition;
    const workflow = say(`workflow.${view.workflow}`);
    return kind === 'stopping'
      ? say('status.announceStopping', { workflow })
      : say('status.announce', { workflow, status: say(`status.${view.status}`) });
  }
}
