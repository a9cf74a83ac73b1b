import type { DynamicsColumnMetadata, Optout } from '../api/types.ts';
import { ColumnEntry } from '../editing/column-entry.tsx';
import { OPTOUTS } from '../editing/field-words.ts';
import { Fields } from '../editing/section.tsx';
import { useSay } from '../locale/locale.tsx';
import { OPTOUT_NAMES, type OptinDraft } from './optin-form.ts';

const BOOLEAN = ['boolean'] as const;

interface Props {
  columns: readonly DynamicsColumnMetadata[] | null;
  mappings: OptinDraft['mappings'];
  onChange: (mappings: OptinDraft['mappings']) => void;
}

/** Writes an opt-out as people say it and as the manual does. */
export function useOptoutTitle(): (name: Optout) => string {
  const say = useSay();
  return (name) => say('optin.attribute', { title: say(OPTOUTS[name]), name });
}

/** The eight opt-outs of Campaign, each with the contact's column that it is kept in step with. */
export function OptoutColumns({ columns, mappings, onChange }: Props) {
  const say = useSay();
  const optoutTitle = useOptoutTitle();
  return (
    <Fields>
      {OPTOUT_NAMES.map((name) => (
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
