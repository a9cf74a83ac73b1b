import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import type { WorkflowView } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';
import { durationOf } from './doing.ts';

const figures = style({
  display: 'grid',
  gridTemplateColumns: ['minmax(0, 1fr)', 'minmax(0, 1fr)'],
  columnGap: 16,
  rowGap: 12,
  margin: 0,
  minWidth: 0,
});
const term = style({ font: 'detail-sm', margin: 0 });
const big = style({ font: 'title-lg', margin: 0, fontVariantNumeric: 'tabular-nums' });
const small = style({ font: 'body-xs', margin: 0 });

/** Backlog and throughput, with what they mean in a line each. */
export function Figures({ view }: { view: WorkflowView }) {
  const say = useSay();
  const intl = useIntl();
  const age = useAge(view.figures.oldestQueuedAt);
  const { writtenPerSecond, written, dead, calls } = view.figures;
  const shownAge = age === null ? null : durationOf(age);
  return (
    <dl className={figures}>
      <div>
        <dt className={term}>{say('figure.backlog')}</dt>
        <dd className={big} data-figure="backlog">
          {intl.formatNumber(view.backlog)}
        </dd>
        <dd className={small}>
          {view.backlog === 0 || shownAge === null
            ? say(view.backlog === 0 ? 'figure.backlog.empty' : 'figure.backlog.waiting')
            : say('figure.backlog.oldest', { age: say(shownAge.id, shownAge.values) })}
        </dd>
      </div>
      <div>
        <dt className={term}>{say('figure.throughput')}</dt>
        <dd className={big} data-figure="throughput">
          {view.runId === null ? '–' : say('figure.perSecond', { count: writtenPerSecond })}
        </dd>
        {view.runId === null ? (
          <dd className={small}>{say('figure.neverRan')}</dd>
        ) : (
          <>
            <dd className={small}>{say('figure.written', { count: written })}</dd>
            <dd className={small}>
              {say('figure.calls', { dynamics: calls.dynamics, campaign: calls.campaign })}
            </dd>
          </>
        )}
        {dead > 0 && <dd className={small}>{say('figure.dead', { count: dead })}</dd>}
      </div>
    </dl>
  );
}

/** How many seconds ago `at` was, counted on by the second; null where there is no `at`. */
function useAge(at: string | null): number | null {
  const [now, setNow] = useState(() => Date.now());
  const ticking = at !== null;
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [ticking]);
  return at === null ? null : Math.max(0, (now - Date.parse(at)) / 1_000);
}
