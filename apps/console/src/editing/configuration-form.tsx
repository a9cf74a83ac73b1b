import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useEffect, useRef, type ReactNode } from 'react';
import type { WorkflowName } from '../api/types.ts';
import { ElsewhereNotice } from './elsewhere-notice.tsx';
import { EntryRemarks } from './entry-remarks.tsx';
import { LeaveGuard } from './leave-guard.tsx';
import { SaveBar } from './save-bar.tsx';
import { StaleNotice } from './stale-notice.tsx';
import { StartNote } from './start-note.tsx';
import { useChangeText } from './use-change-text.ts';
import type { FormEdit } from './use-configuration-edit.ts';

const stack = style({ display: 'flex', flexDirection: 'column', gap: 24 });

interface Props {
  instance: string;
  workflow: WorkflowName;
  edit: Omit<FormEdit<unknown, unknown>, 'change'>;
  children: ReactNode;
}

/** What is around the entries of a workflow's configuration: all that saving needs. */
export function ConfigurationForm({ instance, workflow, edit, children }: Props) {
  const changeText = useChangeText();
  const element = useRef<HTMLDivElement>(null);
  const { state } = edit;
  useEffect(() => {
    if (state.kind !== 'faulty') return;
    element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [state]);
  return (
    <EntryRemarks faults={edit.faults} warnings={edit.warnings}>
      <div className={stack} ref={element}>
        {state.kind === 'stale' && (
          <StaleNotice
            lines={state.changes.map((change) => changeText(change) ?? change.pointer)}
            onTake={edit.takeTheirs}
          />
        )}
        <StartNote instance={instance} workflow={workflow} />
        {children}
        <ElsewhereNotice state={state} />
        <SaveBar edit={edit} instance={instance} workflow={workflow} />
        <LeaveGuard unsaved={edit.changed} />
      </div>
    </EntryRemarks>
  );
}
