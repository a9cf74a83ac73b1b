import { Disclosure, DisclosurePanel, DisclosureTitle } from '@react-spectrum/s2';
import { useState } from 'react';
import { useSay } from '../locale/locale.tsx';
import { TextEntry } from './entries.tsx';
import { useHasFault } from './entry-remarks.tsx';
import { Fields } from './section.tsx';

interface Props {
  at: string;
  title: string;
  names: readonly { name: string; label: string }[];
  headings: Readonly<Record<string, string>>;
  onChange: (headings: Record<string, string>) => void;
}

/** The file's own headings by what they hold; an empty one is the usual one. */
export function HeadingEntries({ at, title, names, headings, onChange }: Props) {
  const say = useSay();
  const [open, setOpen] = useState(false);
  const faulty = useHasFault(at);
  const count = Object.keys(headings).length;
  const set = (name: string, heading: string) => {
    const { [name]: _before, ...others } = headings;
    onChange(heading === '' ? others : { ...others, [name]: heading });
  };
  return (
    <Disclosure isQuiet size="S" isExpanded={open || faulty} onExpandedChange={setOpen}>
      <DisclosureTitle>{say('files.headings', { title, count })}</DisclosureTitle>
      <DisclosurePanel>
        <Fields>
          {names.map(({ name, label }) => (
            <TextEntry
              key={name}
              at={`${at}/${name}`}
              label={label}
              placeholder={name}
              value={headings[name] ?? ''}
              onChange={(heading) => set(name, heading)}
            />
          ))}
        </Fields>
      </DisclosurePanel>
    </Disclosure>
  );
}
