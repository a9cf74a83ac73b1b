import { Button, Content, Heading, InlineAlert } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useSay } from '../locale/locale.tsx';

const list = style({ margin: 0, marginY: 8, paddingStart: 20, overflowWrap: 'anywhere' });
const line = style({ margin: 0 });
const buttons = style({ display: 'flex', flexWrap: 'wrap', gap: 12, marginTop: 12 });

interface Props {
  /** What they changed, a sentence each. */
  lines: readonly string[];
  onTake: (keepMine: boolean) => void;
}

/** Somebody else saved meanwhile: what they changed, and the two ways to go on. */
export function StaleNotice({ lines, onTake }: Props) {
  const say = useSay();
  return (
    <InlineAlert variant="notice" autoFocus styles={style({ maxWidth: 'full' })}>
      <Heading level={2}>{say('save.stale.title')}</Heading>
      <Content>
        <p className={line}>{say('save.stale.what')}</p>
        {lines.length === 0 ? (
          <p className={line}>{say('save.stale.nothing')}</p>
        ) : (
          <ul className={list}>
            {lines.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
        <div className={buttons}>
          <Button variant="primary" onPress={() => onTake(true)}>
            {say('save.stale.merge')}
          </Button>
          <Button variant="secondary" onPress={() => onTake(false)}>
            {say('save.stale.discard')}
          </Button>
        </div>
      </Content>
    </InlineAlert>
  );
}
