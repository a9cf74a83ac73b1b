import { Button, Text, Tooltip, TooltipTrigger } from '@react-spectrum/s2';
import AlertTriangle from '@react-spectrum/s2/icons/AlertTriangle';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { actOn } from '../api/calls.ts';
import { useLive } from '../api/live.tsx';
import { pendingQuery } from '../api/queries.ts';
import type { WorkflowView } from '../api/types.ts';
import { useExplain } from '../frame/notices.tsx';
import { useSay } from '../locale/locale.tsx';
import { ChangeList, SavedBy } from './change-list.tsx';
import { reasonOf } from './server-sentences.ts';
import { toggleOf } from './toggle.ts';

const SHOWN_IN_TOOLTIP = 5;
const SHOWN_AFTER_MS = 200;

const reasonText = style({ font: 'body-xs', margin: 0, maxWidth: 240 });
const column = style({ display: 'flex', flexDirection: 'column', alignItems: 'inherit', gap: 4 });

interface Props {
  view: WorkflowView;
  isBusy: boolean;
  onRefused: (sentence: string | null) => void;
}

/** The one button that is Start or Stop; disabled with the reason where the API allows neither. */
export function ToggleButton({ view, isBusy, onRefused }: Props) {
  const say = useSay();
  const explain = useExplain();
  const { take } = useLive();
  const reasonId = useId();
  const toggle = toggleOf(view);
  const act = useMutation({
    mutationFn: () => actOn(toggle.action, view.instance, view.workflow),
    onMutate: () => onRefused(null),
    onSuccess: take,
    onError: (error) =>
      onRefused(
        say('action.refused', { action: say(`action.${toggle.action}`), detail: explain(error) }),
      ),
  });
  const known = toggle.reason === null ? null : reasonOf(toggle.reason);
  const reason = toggle.allowed ? null : known === null ? toggle.reason : say(known);
  const warns = view.pendingEdit && toggle.action === 'stop';
  const workflow = say(`workflow.${view.workflow}`);
  const button = (
    <Button
      variant={toggle.action === 'start' ? 'accent' : 'negative'}
      fillStyle={toggle.action === 'start' ? 'fill' : 'outline'}
      // Pending rather than disabled while it stops, so that the keyboard's focus stays here.
      isDisabled={!toggle.allowed && !isBusy && !view.stopping}
      isPending={act.isPending || isBusy || view.stopping}
      onPress={() => act.mutate()}
      aria-label={say(`action.${toggle.action}Of`, { workflow })}
      {...(reason === null ? {} : { 'aria-describedby': reasonId })}
      styles={style({ minWidth: 96 })}
    >
      {warns && <AlertTriangle />}
      <Text>{say(`action.${toggle.action}`)}</Text>
    </Button>
  );
  return (
    <div className={column}>
      <WithChanges view={view} isShown={warns}>
        {button}
      </WithChanges>
      {reason !== null && (
        <p id={reasonId} className={reasonText} {...(known === null ? { lang: 'en' } : {})}>
          {reason}
        </p>
      )}
    </div>
  );
}

interface ChangesProps {
  view: WorkflowView;
  isShown: boolean;
  children: ReactNode;
}

/** Shows the waiting changes when the Stop button is pointed at or focused. */
function WithChanges({ view, isShown, children }: ChangesProps) {
  const say = useSay();
  const pending = useQuery(pendingQuery(view));
  const changes = pending.data?.changes ?? [];
  return (
    <TooltipTrigger delay={SHOWN_AFTER_MS} placement="start" isDisabled={!isShown}>
      {children}
      <Tooltip>
        {changes.length === 0 ? (
          say('pending.badgeUncounted')
        ) : (
          <>
            <span>{say('pending.title', { count: changes.length })}</span>
            <ChangeList changes={changes} shownMax={SHOWN_IN_TOOLTIP} />
            <SavedBy edit={pending.data} />
          </>
        )}
      </Tooltip>
    </TooltipTrigger>
  );
}
