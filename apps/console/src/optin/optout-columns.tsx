import type { DynamicsColumnMetadata } from '../api/types.ts';
import { ColumnEntry } from '../editing/column-entry.tsx';
import { ATTRIBUTES } from '../editing/field-words.ts';
import { Fields } from '../editing/section.tsx';
import { useSay } from '../locale/locale.tsx';
import { OPTOUTS, type OptinDraft, type Optout } from './optin-form.ts';

const BOOLEAN = ['boolean'] as const;

interface Props {
  columns: readonly DynamicsColumnMetadata[] | null;
  mappings: OptinDraft['mappings'];
  onChange: (mappings: OptinDraft['mappings']) => void;
}

/** Writes an opt-out as people say it and as the manual does. */
export function useOptoutTitle(): (name: Optout) => string {
  const say = useSay();
  return (name) => {
    const title = ATTRIBUTES[name];
    return title === undefined ? name : say('optin.attribute', { title: say(title), name });
  };
}

/** The eight opt-outs of Campaign, each with the contact's column that it is kept in step with. */
export function OptoutColumns({ columns, mappings, onChange }: Props) {
  const say = useSay();
  const optoutTitle = useOptoutTitle();
  return (
    <Fields>
      {OPTOUTS.map((name) => (
        <div key={name} data-optout={name}>
          <ColumnEntry
            at={`/mappings/${name}`}
            label={optoutTitle(name)}
            columns={columns}
            types={BOOLEAN}
            value={mappings[name] ?? null}
            none={say('optin.notMapped')}
            onChange={(column) => {
              const { [name]: _before, ...others } = mappings;
              onChange(column === null ? others : { ...others, [name]: column });
            }}
          />
        </div>
      ))}
    </Fields>
  );
}
