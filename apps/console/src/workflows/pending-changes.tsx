import { ActionButton, Button, DialogTrigger, Popover, Text } from '@react-spectrum/s2';
import AlertTriangle from '@react-spectrum/s2/icons/AlertTriangle';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { pendingQuery } from '../api/queries.ts';
import type { WorkflowView } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';
import { ChangeList, SavedBy } from './change-list.tsx';
import type { Restart } from './use-restart.ts';

const content = style({
  display: 'flex',
  flexDirection: 'column',
  alignItems: 'start',
  gap: 12,
  padding: 8,
  font: 'body-sm',
});
const title = style({ font: 'title', margin: 0 });
const line = style({ margin: 0 });
const mark = style({ backgroundColor: 'notice-subtle', borderRadius: 'default', maxWidth: 'full' });
const busy = style({ font: 'body-sm', margin: 0 });

/** The warning that saved edits wait, which opens what they are and how to bring them in. */
export function PendingChanges({ view, restart }: { view: WorkflowView; restart: Restart }) {
  const say = useSay();
  const [open, setOpen] = useState(false);
  const pending = useQuery(pendingQuery(view));
  if (restart.running) {
    return (
      <p className={busy} role="status">
        {say('pending.restarting')}
      </p>
    );
  }
  if (!view.pendingEdit) return null;
  const edit = pending.data;
  const count = edit?.changes.length ?? 0;
  const workflow = say(`workflow.${view.workflow}`);
  return (
    <div className={mark} data-pending>
      <DialogTrigger isOpen={open} onOpenChange={setOpen}>
        <ActionButton
          isQuiet
          aria-label={
            count === 0
              ? say('pending.badgeUncounted')
              : say('pending.badgeOf', { workflow, count })
          }
        >
          <AlertTriangle />
          <Text>
            {count === 0 ? say('pending.badgeUncounted') : say('pending.badge', { count })}
          </Text>
        </ActionButton>
        <Popover size="M" placement="bottom end" aria-label={say('pending.badgeUncounted')}>
          <div className={content}>
            {edit === undefined ? (
              <p className={line}>{say('pending.loading')}</p>
            ) : (
              <>
                <h3 className={title}>{say('pending.title', { count })}</h3>
                <ChangeList changes={edit.changes} />
                <SavedBy edit={edit} />
              </>
            )}
            <Button
              variant="accent"
              isDisabled={!view.actions.stop.allowed}
              onPress={() => {
                setOpen(false);
                void restart.begin();
              }}
            >
              {say('pending.restart')}
            </Button>
          </div>
        </Popover>
      </DialogTrigger>
    </div>
  );
}
