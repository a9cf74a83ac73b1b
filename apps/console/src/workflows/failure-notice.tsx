import { Content, Heading, InlineAlert } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import type { WorkflowView } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';

const place = style({ gridColumnStart: 1, gridColumnEnd: -1 });
const line = style({ margin: 0, marginBottom: 8 });

/** Why a workflow failed, in plain words, and what to do about it. */
export function FailureNotice({ view }: { view: WorkflowView }) {
  const say = useSay();
  const { failure } = view;
  if (view.status !== 'FAILED' || failure === null) return null;
  const values = { system: failure.system, field: failure.field ?? '' };
  return (
    <div className={place}>
      <InlineAlert variant="negative" fillStyle="subtleFill" styles={style({ maxWidth: 'full' })}>
        <Heading level={3}>{say(`failure.${failure.code}`, values)}</Heading>
        <Content>
          <p className={line} lang="en">
            {failure.message}
          </p>
          <p className={style({ margin: 0 })}>
            <strong>{say('failure.what')}</strong> {say(`failure.${failure.code}.do`, values)}
          </p>
        </Content>
      </InlineAlert>
    </div>
  );
}
