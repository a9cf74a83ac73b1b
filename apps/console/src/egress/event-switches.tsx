import { Switch } from '@react-spectrum/s2';
import Alert from '@react-spectrum/s2/icons/AlertDiamond';
import Click from '@react-spectrum/s2/icons/CursorClick';
import Open from '@react-spectrum/s2/icons/Email';
import Send from '@react-spectrum/s2/icons/ArrowUpSend';
import { iconStyle, style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useWorkflows } from '../api/live.tsx';
import type { EgressConfiguration, EventKind } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';
import { EVENT_KINDS } from './egress-form.ts';

const cards = style({
  display: 'grid',
  gridTemplateColumns: {
    default: ['minmax(0, 1fr)'],
    sm: ['minmax(0, 1fr)', 'minmax(0, 1fr)'],
    lg: ['minmax(0, 1fr)', 'minmax(0, 1fr)', 'minmax(0, 1fr)', 'minmax(0, 1fr)'],
  },
  gap: 12,
});
const card = style({
  display: 'flex',
  flexDirection: 'column',
  gap: 8,
  padding: 16,
  borderRadius: 'lg',
  borderStyle: 'solid',
  borderWidth: 1,
  borderColor: 'gray-200',
  backgroundColor: 'elevated',
});
const head = style({ display: 'flex', alignItems: 'center', gap: 8 });
const spring = style({ flexGrow: 1, minWidth: 0 });
const words = style({ font: 'body-sm', margin: 0, flexGrow: 1 });
const figure = style({ font: 'detail-sm', margin: 0 });
const ICONS = { send: Send, open: Open, click: Click, bounce: Alert } satisfies Record<
  EventKind,
  unknown
>;

interface Props {
  instance: string;
  events: EgressConfiguration['events'];
  onChange: (events: EgressConfiguration['events']) => void;
}

/** The four kinds of events, each on or off, with what this run has done of them. */
export function EventSwitches({ instance, events, onChange }: Props) {
  const say = useSay();
  const workflows = useWorkflows(instance);
  const tables = workflows.data?.find(({ workflow }) => workflow === 'egress')?.tables ?? [];
  return (
    <div className={cards}>
      {EVENT_KINDS.map((kind) => {
        const Icon = ICONS[kind];
        const seen = tables.find(({ table }) => table === kind);
        return (
          <div key={kind} className={card} data-event={kind}>
            <div className={head}>
              <Icon styles={iconStyle({ size: 'M' })} />
              <div className={spring}>
                <Switch
                  isSelected={events[kind]}
                  onChange={(on) => onChange({ ...events, [kind]: on })}
                >
                  {say(`egress.event.${kind}`)}
                </Switch>
              </div>
            </div>
            <p className={words}>{say(`egress.event.${kind}.help`)}</p>
            {seen !== undefined && (
              <p className={figure}>
                {say('egress.event.seen', { written: seen.written, dead: seen.dead })}
              </p>
            )}
          </div>
        );
      })}
    </div>
  );
}
