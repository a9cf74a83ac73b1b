import { useMemo } from 'react';
import type { DynamicsColumnMetadata } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';
import { TextEntry } from './entries.tsx';
import { useRemark } from './entry-remarks.tsx';
import { sourceChoices, type FieldChoice } from './field-choice.ts';
import { FieldCombo } from './field-combo.tsx';

interface Props {
  at: string;
  label: string;
  /** null: the columns are not known, so that the name is typed. */
  columns: readonly DynamicsColumnMetadata[] | null;
  types: readonly DynamicsColumnMetadata['type'][];
  /** null: none is chosen. */
  value: string | null;
  /** What it is called to choose none; undefined: one is needed. */
  none?: string;
  onChange: (column: string | null) => void;
}

/** A column of a table in Dynamics 365, found by its label or name where the table is known. */
export function ColumnEntry({ at, label, columns, types, value, none, onChange }: Props) {
  const say = useSay();
  const remark = useRemark(at);
  const choices = useMemo(() => {
    const fitting = (columns ?? []).filter(
      ({ name, type }) => types.includes(type) || name === value,
    );
    const nothing: FieldChoice[] =
      none === undefined
        ? []
        : [{ id: none, label: none, type: 'mapping.choose', lengthMax: null }];
    return [...nothing, ...sourceChoices(fitting)];
  }, [columns, types, value, none]);
  if (columns === null) {
    return (
      <TextEntry
        at={at}
        label={label}
        value={value ?? ''}
        {...(none === undefined ? {} : { placeholder: none })}
        onChange={(name) => onChange(name === '' && none !== undefined ? null : name)}
      />
    );
  }
  const isKnown = value === null || columns.some(({ name }) => name === value);
  return (
    <FieldCombo
      label={label}
      choices={choices}
      chosen={value ?? none ?? null}
      unknown={isKnown ? NOTHING : say('mapping.unknownColumn')}
      fault={remark.errorMessage ?? undefined}
      onChoose={(id) => onChange(id === none ? null : id)}
    />
  );
}

/** Keeps a line's height with nothing on it. */
const NOTHING = '\u00a0';
