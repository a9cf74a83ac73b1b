import { NumberField, TextField } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useRemark } from './entry-remarks.tsx';

interface Entry<Value> {
  /** The place in the configuration, as a JSON pointer. */
  at: string;
  label: string;
  help?: string;
  value: Value;
  onChange: (value: Value) => void;
}

/** A text, with what was said of it. */
export function TextEntry({
  at,
  help,
  placeholder,
  ...entry
}: Entry<string> & { placeholder?: string }) {
  const remark = useRemark(at, help);
  return (
    <TextField
      {...entry}
      {...remark}
      {...(placeholder === undefined ? {} : { placeholder })}
      styles={style({ width: 'full' })}
    />
  );
}

/** A whole number from 0, with what was said of it; emptied, it stays what it was. */
export function NumberEntry({ at, help, value, onChange, ...entry }: Entry<number>) {
  const remark = useRemark(at, help);
  return (
    <NumberField
      {...entry}
      {...remark}
      value={value}
      onChange={(next) => {
        if (!Number.isNaN(next)) onChange(next);
      }}
      minValue={0}
      formatOptions={{ maximumFractionDigits: 0 }}
      styles={style({ width: 'full' })}
    />
  );
}
