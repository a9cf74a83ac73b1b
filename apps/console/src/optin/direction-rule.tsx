import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useSay } from '../locale/locale.tsx';

const table = style({
  font: 'body-sm',
  borderCollapse: 'collapse',
  width: 'full',
  maxWidth: 720,
});
const caption = style({ font: 'title', textAlign: 'start', paddingBottom: 8 });
const cell = style({
  textAlign: 'start',
  verticalAlign: 'top',
  paddingY: 8,
  paddingEnd: 16,
  borderStyle: 'solid',
  borderWidth: 0,
  borderBottomWidth: 1,
  borderColor: 'gray-200',
});
const note = style({ font: 'body-sm', margin: 0, maxWidth: 720 });

const CASES = ['newer', 'within', 'older'] as const;

/** Which opt-out holds when both sides have changed. Source  docs/opt-in-out.md. */
export function DirectionRule() {
  const say = useSay();
  return (
    <>
      <table className={table}>
        <caption className={caption}>{say('optin.rule.title')}</caption>
        <thead>
          <tr>
            <th scope="col" className={cell}>
              {say('optin.rule.when')}
            </th>
            <th scope="col" className={cell}>
              {say('optin.rule.holds')}
            </th>
          </tr>
        </thead>
        <tbody>
          {CASES.map((name) => (
            <tr key={name}>
              <td className={cell}>{say(`optin.rule.when.${name}`)}</td>
              <td className={cell}>{say(`optin.rule.holds.${name}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={note}>{say('optin.rule.note')}</p>
    </>
  );
}
