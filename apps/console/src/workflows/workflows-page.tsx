import { ProgressCircle } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useWorkflows } from '../api/live.tsx';
import { ErrorNotice } from '../frame/notices.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useSay } from '../locale/locale.tsx';
import { WorkflowRow } from './workflow-row.tsx';

/** A look at the server even when no event came, should the line be silently dead. */
const LOOK_AGAIN_MS = 15_000;

const title = style({ font: 'heading-xl', margin: 0, marginBottom: 24 });
const list = style({
  listStyleType: 'none',
  margin: 0,
  padding: 0,
  display: 'flex',
  flexDirection: 'column',
  gap: 16,
});
const waiting = style({ display: 'flex', justifyContent: 'center', padding: 64 });

/** The three workflows of an instance: what each is doing, and the buttons to start and stop it. */
export function WorkflowsPage({ instance }: { instance: string }) {
  const say = useSay();
  const workflows = useWorkflows(instance, LOOK_AGAIN_MS);
  usePageTitle(say('workflows.title'));
  return (
    <>
      <h1 className={title}>{say('workflows.title')}</h1>
      {workflows.data === undefined && workflows.error === null && (
        <div className={waiting}>
          <ProgressCircle isIndeterminate aria-label={say('workflows.loading')} />
        </div>
      )}
      {workflows.data === undefined && workflows.error !== null && (
        <ErrorNotice error={workflows.error} onRetry={() => void workflows.refetch()} />
      )}
      <ul className={list}>
        {workflows.data?.map((view) => (
          <li key={view.workflow}>
            <WorkflowRow view={view} />
          </li>
        ))}
      </ul>
    </>
  );
}
