import { ComboBox, ComboBoxItem, Text } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useState } from 'react';
import { useSay } from '../locale/locale.tsx';
import { shownName, type FieldChoice } from './field-choice.ts';
import { useTypeText } from './use-type-text.ts';

type Naming = { 'aria-label': string } | { label: string };

type Props = Naming & {
  choices: readonly FieldChoice[];
  chosen: string | null;
  /** Said where `chosen` is none of the choices. */
  unknown: string;
  fault: string | undefined;
  onChoose: (id: string) => void;
};

/** Finds a column or field by its label or its name, and shows its type. */
export function FieldCombo({ choices, chosen, unknown, fault, onChoose, ...naming }: Props) {
  const say = useSay();
  const typeText = useTypeText();
  // Dozens of these with hundreds of choices each: only the one in use holds its whole list.
  const [inUse, setInUse] = useState(false);
  const current = choices.find(({ id }) => id === chosen);
  const shown: FieldChoice[] =
    current !== undefined || chosen === null
      ? []
      : [{ id: chosen, label: chosen, type: 'mapping.choose', lengthMax: null }];
  const describe = (choice: FieldChoice) =>
    choice.type === 'mapping.choose' ? unknown : typeText(choice);
  if (inUse) shown.push(...choices);
  else if (current !== undefined) shown.push(current);
  return (
    <ComboBox
      {...naming}
      defaultItems={shown}
      selectedKey={chosen}
      onSelectionChange={(key) => {
        if (typeof key === 'string') onChoose(key);
      }}
      onFocus={() => setInUse(true)}
      onBlur={() => setInUse(false)}
      placeholder={say('mapping.choose')}
      isInvalid={fault !== undefined}
      errorMessage={fault}
      description={
        current === undefined ? (chosen === null ? '\u00a0' : unknown) : describe(current)
      }
      styles={style({ width: 'full' })}
    >
      {(choice) => (
        <ComboBoxItem id={choice.id} textValue={shownName(choice)}>
          <Text slot="label">{shownName(choice)}</Text>
          <Text slot="description">{describe(choice)}</Text>
        </ComboBoxItem>
      )}
    </ComboBox>
  );
}
