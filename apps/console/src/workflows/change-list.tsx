import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import type { ConfigurationChange, PendingEdit } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';
import { useMoment } from '../locale/use-moment.ts';
import { useChangeText } from '../editing/use-change-text.ts';
import { changeOf } from './server-sentences.ts';

const list = style({ margin: 0, marginTop: 4, paddingStart: 20, overflowWrap: 'anywhere' });

const line = style({ margin: 0, marginTop: 4 });

interface Props {
  changes: readonly ConfigurationChange[];
  /** Says how many more there are instead of showing more than these. */
  shownMax?: number;
}

/** The waiting changes, one sentence each. */
export function ChangeList({ changes, shownMax = changes.length }: Props) {
  const say = useSay();
  const changeText = useChangeText();
  const hidden = changes.length - shownMax;
  return (
    <ul className={list}>
      {changes.slice(0, shownMax).map((change) => {
        const message = changeOf(change);
        const text = message === null ? changeText(change) : say(message.id, message.values);
        return text === null ? (
          <li key={change.pointer + change.kind} lang="en">
            {change.summary}
          </li>
        ) : (
          <li key={change.pointer + change.kind}>{text}</li>
        );
      })}
      {hidden > 0 && <li>{say('pending.more', { count: hidden })}</li>}
    </ul>
  );
}

/** Who saved the waiting changes, and when. */
export function SavedBy({ edit }: { edit: PendingEdit | undefined }) {
  const say = useSay();
  const moment = useMoment();
  if (edit === undefined || edit.savedBy === null || edit.savedAt === null) return null;
  const values = { by: edit.savedBy, time: moment(edit.savedAt) };
  return <p className={line}>{say('pending.savedBy', values)}</p>;
}
