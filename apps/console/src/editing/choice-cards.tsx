import { Radio, RadioGroup } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useRemark } from './entry-remarks.tsx';

const cards = style({
  display: 'grid',
  gridTemplateColumns: {
    default: ['minmax(0, 1fr)'],
    md: ['minmax(0, 1fr)', 'minmax(0, 1fr)'],
  },
  gap: 12,
  width: 'full',
});
const card = style({
  display: 'flex',
  padding: 16,
  minWidth: 0,
  borderRadius: 'lg',
  borderStyle: 'solid',
  borderWidth: 2,
  borderColor: { default: 'gray-200', isSelected: 'accent-900' },
  backgroundColor: { default: 'elevated', isSelected: 'layer-1' },
  transition: 'colors',
});
const text = style({ display: 'block', minWidth: 0, overflowWrap: 'anywhere' });
const title = style({ display: 'block', font: 'title' });
const words = style({ display: 'block', font: 'body-sm', marginTop: 4 });

interface Props<Value extends string> {
  at: string;
  label: string;
  value: Value;
  choices: readonly { value: Value; title: string; help: string }[];
  onChange: (value: Value) => void;
}

/** One of a few, each with what it means. */
export function ChoiceCards<Value extends string>({ at, value, choices, ...rest }: Props<Value>) {
  const remark = useRemark(at);
  return (
    <RadioGroup
      aria-label={rest.label}
      {...remark}
      value={value}
      onChange={(next) => {
        const chosen = choices.find((choice) => choice.value === next);
        if (chosen !== undefined) rest.onChange(chosen.value);
      }}
      styles={style({ width: 'full' })}
    >
      <div className={cards}>
        {choices.map((choice) => (
          <div
            key={choice.value}
            className={card({ isSelected: choice.value === value })}
            data-choice={choice.value}
          >
            <Radio value={choice.value} styles={style({ width: 'full' })}>
              {/* One child: Spectrum sets the children of a radio beside one another. */}
              <span className={text}>
                <span className={title}>{choice.title}</span>
                <span className={words}>{choice.help}</span>
              </span>
            </Radio>
          </div>
        ))}
      </div>
    </RadioGroup>
  );
}
