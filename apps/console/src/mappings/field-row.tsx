import { ActionButton, Switch, Tooltip, TooltipTrigger } from '@react-spectrum/s2';
import AlertTriangle from '@react-spectrum/s2/icons/AlertTriangle';
import Delete from '@react-spectrum/s2/icons/Delete';
import { iconStyle, style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useSay } from '../locale/locale.tsx';
import type { FieldChoice } from '../editing/field-choice.ts';
import { FieldCombo } from '../editing/field-combo.tsx';
import type { Fault } from '../editing/faults.ts';
import { placeOfSide, type DraftRow, type Side } from './mapping-draft.ts';

const row = style({
  display: 'grid',
  gridTemplateColumns: {
    default: ['minmax(0, 1fr)', 'auto'],
    md: ['minmax(0, 1fr)', 'minmax(0, 1fr)', '144px', '32px'],
  },
  columnGap: 16,
  rowGap: 8,
  alignItems: 'start',
  paddingY: { default: 16, md: 8 },
  borderStyle: 'solid',
  borderWidth: 0,
  borderBottomWidth: 1,
  borderColor: 'gray-200',
});
const across = style({
  gridColumnStart: { default: 1, md: 'auto' },
  gridColumnEnd: { default: -1, md: 'auto' },
  minWidth: 0,
});
// Wide pages have the same words above the columns, narrow ones above each field.
const caption = style({
  display: { default: 'block', md: 'none' },
  font: 'detail-sm',
  marginBottom: 4,
});
const centred = style({ display: 'flex', alignItems: 'center', minHeight: 32 });
const remark = style({
  gridColumnStart: 1,
  gridColumnEnd: -1,
  display: 'flex',
  alignItems: 'start',
  gap: 8,
  font: 'body-sm',
  margin: 0,
});
const notice = iconStyle({ size: 'S', color: 'notice' });

/** Keeps a line's height with nothing on it. */
const NOTHING = '\u00a0';

interface Props {
  row: DraftRow;
  sources: readonly FieldChoice[];
  targets: readonly FieldChoice[];
  /** False: the choices are not known, so that nothing can be said to be missing. */
  known: boolean;
  faults: readonly Fault[];
  warnings: readonly Fault[];
  onChange: (row: DraftRow) => void;
  onDelete: () => void;
}

/** One field mapping: from which column to which field, and whether it follows updates. */
export function FieldRow({ row: mapped, sources, targets, known, faults, warnings, ...on }: Props) {
  const say = useSay();
  // A combo box keeps the text it began with, so it begins again once the labels are known.
  const begunAs = String(known);
  const faultOf = (side: Side): string | undefined => {
    const fault = faults.find(({ pointer }) => pointer === placeOfSide(mapped.id, side));
    return fault?.say === undefined ? fault?.text : say(fault.say);
  };
  const field = mapped.dynamics ?? mapped.campaign;
  const deletion = field === null ? say('mapping.deleteEmpty') : say('mapping.delete', { field });
  return (
    <li className={row} data-row={mapped.id}>
      <div className={across}>
        <span className={caption} aria-hidden="true">
          {say('mapping.source')}
        </span>
        <FieldCombo
          key={begunAs}
          aria-label={say('mapping.source')}
          choices={sources}
          chosen={mapped.dynamics}
          unknown={known ? say('mapping.unknownColumn') : NOTHING}
          fault={faultOf('dynamics')}
          onChoose={(dynamics) => on.onChange({ ...mapped, dynamics })}
        />
      </div>
      <div className={across}>
        <span className={caption} aria-hidden="true">
          {say('mapping.target')}
        </span>
        <FieldCombo
          key={begunAs}
          aria-label={say('mapping.target')}
          choices={targets}
          chosen={mapped.campaign}
          unknown={known ? say('mapping.unknownField') : NOTHING}
          fault={faultOf('campaign')}
          onChoose={(campaign) => on.onChange({ ...mapped, campaign })}
        />
      </div>
      <div className={centred}>
        <Switch
          isSelected={mapped.applyUpdates}
          onChange={(applyUpdates) => on.onChange({ ...mapped, applyUpdates })}
          {...(field === null ? {} : { 'aria-label': say('mapping.applyUpdatesOf', { field }) })}
        >
          {say('mapping.applyUpdates')}
        </Switch>
      </div>
      <div className={centred}>
        <TooltipTrigger>
          <ActionButton isQuiet aria-label={deletion} onPress={on.onDelete}>
            <Delete />
          </ActionButton>
          <Tooltip>{deletion}</Tooltip>
        </TooltipTrigger>
      </div>
      {warnings.map(({ text }) => (
        <p key={text} className={remark} lang="en">
          <AlertTriangle styles={notice} />
          <span>{text}</span>
        </p>
      ))}
    </li>
  );
}
