import { LinkButton } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useId, useState } from 'react';
import type { WorkflowName, WorkflowView } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';
import { doingOf } from './doing.ts';
import { FailureNotice } from './failure-notice.tsx';
import { Figures } from './figures.tsx';
import { PendingChanges } from './pending-changes.tsx';
import { Conditions, StatusMark } from './status-mark.tsx';
import { ToggleButton } from './toggle-button.tsx';
import { useRestart } from './use-restart.ts';

const card = style({
  display: 'grid',
  gridTemplateColumns: {
    default: ['minmax(0, 1fr)'],
    sm: ['minmax(0, 1fr)', 'minmax(0, 1fr)'],
    lg: ['minmax(0, 5fr)', 'minmax(0, 3fr)', 'minmax(0, 5fr)', '224px'],
  },
  columnGap: 24,
  rowGap: 16,
  alignItems: 'start',
  padding: { default: 16, sm: 24 },
  borderRadius: 'lg',
  backgroundColor: 'elevated',
  borderStyle: 'solid',
  borderWidth: 1,
  borderColor: 'gray-200',
});
const head = style({
  minWidth: 0,
  gridColumnStart: { sm: 1, lg: 'auto' },
  gridColumnEnd: { sm: -1, lg: 'auto' },
});
const name = style({ font: 'title-lg', margin: 0 });
const doing = style({ font: 'body-sm', margin: 0, marginTop: 4, minHeight: 20 });
const actions = style({
  display: 'flex',
  flexDirection: 'column',
  alignItems: { default: 'start', lg: 'end' },
  gap: 8,
  minWidth: 0,
  gridColumnStart: { sm: 1, lg: 'auto' },
  gridColumnEnd: { sm: -1, lg: 'auto' },
});
const buttons = style({ display: 'flex', flexWrap: 'wrap', gap: 8 });
const refusal = style({ font: 'body-sm', color: 'negative', margin: 0 });

/** Where a workflow is edited, below its instance's workflows. */
const EDITED_AT: Readonly<Record<WorkflowName, string>> = {
  ingress: 'ingress/mappings/contact',
  egress: 'egress',
  optin: 'optin',
};

/** One workflow: what it does now, its figures, its status, and what one can do about it. */
export function WorkflowRow({ view }: { view: WorkflowView }) {
  const say = useSay();
  const headingId = useId();
  const [refused, setRefused] = useState<string | null>(null);
  const restart = useRestart(view, setRefused);
  const workflow = say(`workflow.${view.workflow}`);
  const { message, left } = doingOf(view);
  const duration = left === null ? '' : say(left.id, left.values);
  return (
    <article className={card} aria-labelledby={headingId} data-workflow={view.workflow}>
      <div className={head}>
        <h2 id={headingId} className={name}>
          {workflow}
        </h2>
        <p className={doing}>{say(message.id, { ...message.values, duration })}</p>
      </div>
      <StatusMark view={view} />
      <Figures view={view} />
      <div className={actions}>
        <div className={buttons}>
          <LinkButton
            variant="secondary"
            href={`/instances/${view.instance}/workflows/${EDITED_AT[view.workflow]}`}
            aria-label={say('action.editOf', { workflow })}
          >
            {say('action.edit')}
          </LinkButton>
          <ToggleButton view={view} isBusy={restart.running} onRefused={setRefused} />
        </div>
        <PendingChanges view={view} restart={restart} />
        {refused !== null && (
          <p className={refusal} role="alert">
            {refused}
          </p>
        )}
      </div>
      <Conditions view={view} />
      <FailureNotice view={view} />
    </article>
  );
}
