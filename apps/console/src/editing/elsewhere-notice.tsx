import { Content, Heading, InlineAlert } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useSay } from '../locale/locale.tsx';
import type { Saving } from './save-state.ts';

const remarks = style({ margin: 0, paddingStart: 20, overflowWrap: 'anywhere' });

/** What the server said of what the page does not show: a mandatory field, a system. */
export function ElsewhereNotice({ state }: Pick<Saving, 'state'>) {
  const say = useSay();
  if ((state.kind !== 'saved' && state.kind !== 'faulty') || state.elsewhere.length === 0) {
    return null;
  }
  return (
    <InlineAlert
      variant={state.kind === 'saved' ? 'notice' : 'negative'}
      styles={style({ maxWidth: 'full' })}
    >
      <Heading>{say('edit.elsewhere')}</Heading>
      <Content>
        <ul className={remarks} lang="en">
          {state.elsewhere.map((message) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      </Content>
    </InlineAlert>
  );
}
