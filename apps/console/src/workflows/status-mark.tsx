import AlertDiamond from '@react-spectrum/s2/icons/AlertDiamond';
import AlertTriangle from '@react-spectrum/s2/icons/AlertTriangle';
import CheckmarkCircle from '@react-spectrum/s2/icons/CheckmarkCircle';
import ClockPending from '@react-spectrum/s2/icons/ClockPending';
import PauseCircle from '@react-spectrum/s2/icons/PauseCircle';
import { iconStyle, style } from '@react-spectrum/s2/style' with { type: 'macro' };
import type { WorkflowStatus, WorkflowView } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';
import { useMoment } from '../locale/use-moment.ts';

const box = style({
  display: 'flex',
  flexDirection: 'column',
  alignItems: 'start',
  gap: 4,
  minWidth: 0,
});
const pill = style({
  display: 'inline-flex',
  alignItems: 'center',
  gap: 4,
  paddingX: 12,
  height: 32,
  borderRadius: 'pill',
  font: 'ui',
  fontWeight: 'bold',
  whiteSpace: 'nowrap',
  backgroundColor: {
    status: {
      RUNNING: 'positive-subtle',
      STOPPED: 'neutral-subtle',
      STARTING: 'informative-subtle',
      FAILED: 'negative-subtle',
    },
  },
  color: 'heading',
});
const aside = style({ font: 'body-xs', margin: 0 });
const list = style({
  gridColumnStart: 1,
  gridColumnEnd: -1,
  listStyleType: 'none',
  margin: 0,
  padding: 0,
  display: 'flex',
  flexDirection: 'column',
  gap: 4,
});
const item = style({ display: 'flex', alignItems: 'start', gap: 8, font: 'body-sm' });

const icons = {
  RUNNING: <CheckmarkCircle styles={iconStyle({ size: 'S', color: 'positive' })} />,
  STOPPED: <PauseCircle styles={iconStyle({ size: 'S', color: 'neutral' })} />,
  STARTING: <ClockPending styles={iconStyle({ size: 'S', color: 'informative' })} />,
  FAILED: <AlertDiamond styles={iconStyle({ size: 'S', color: 'negative' })} />,
} satisfies Record<WorkflowStatus, React.ReactNode>;
const warning = iconStyle({ size: 'S', color: 'notice' });

/** The status by symbol, word and colour; since when, and who or what made it so. */
export function StatusMark({ view }: { view: WorkflowView }) {
  const say = useSay();
  const moment = useMoment();
  return (
    <div className={box}>
      <span className={pill({ status: view.status })} data-status={view.status}>
        {icons[view.status]}
        <span>{say(`status.${view.status}`)}</span>
      </span>
      {view.stopping && <span className={aside}>{say('status.stopping')}</span>}
      {view.since !== null && (
        <p className={aside}>
          {view.by === null
            ? say('status.since', { time: moment(view.since) })
            : say('status.sinceBy', { time: moment(view.since), by: view.by })}
        </p>
      )}
    </div>
  );
}

/** What else is true of a workflow, such as that the source does not answer. */
export function Conditions({ view }: { view: WorkflowView }) {
  const say = useSay();
  const moment = useMoment();
  if (view.conditions.length === 0) return null;
  return (
    <ul className={list}>
      {view.conditions.map(({ type, since, message }) => (
        <li key={type} className={item}>
          <AlertTriangle styles={warning} />
          <span>
            <strong>{say(`condition.${type}`)}</strong>{' '}
            {say('condition.since', { time: moment(since) })} <span lang="en">{message}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
