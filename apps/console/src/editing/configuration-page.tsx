import { ProgressCircle } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import type { ReactNode } from 'react';
import type { WorkflowName } from '../api/types.ts';
import { ErrorNotice } from '../frame/notices.tsx';
import { PageHead } from '../frame/page-head.tsx';
import { useSay } from '../locale/locale.tsx';

const waiting = style({ display: 'flex', justifyContent: 'center', padding: 64 });

interface Props<Read> {
  instance: string;
  workflow: WorkflowName;
  answer: { data: Read | undefined; error: Error | null; refetch: () => Promise<unknown> };
  children: (read: Read) => ReactNode;
}

/** The page of a workflow's configuration, as soon as that is read. */
export function ConfigurationPage<Read>({ instance, workflow, answer, children }: Props<Read>) {
  const say = useSay();
  const title = say(`workflow.${workflow}`);
  return (
    <>
      <PageHead instance={instance} crumb={title} title={title} />
      {answer.data !== undefined && children(answer.data)}
      {answer.data === undefined && answer.error !== null && (
        <ErrorNotice error={answer.error} onRetry={() => void answer.refetch()} />
      )}
      {answer.data === undefined && answer.error === null && (
        <div className={waiting}>
          <ProgressCircle isIndeterminate aria-label={say('edit.loading')} />
        </div>
      )}
    </>
  );
}
