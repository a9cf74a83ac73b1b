import { ChoiceCards } from '../editing/choice-cards.tsx';
import { NumberEntry, TextEntry } from '../editing/entries.tsx';
import { OPTIN_SOURCES } from '../editing/field-words.ts';
import { FileEntries } from '../editing/file-entries.tsx';
import { HeadingEntries } from '../editing/heading-entries.tsx';
import { namesOf } from '../editing/names-of.ts';
import { Fields } from '../editing/section.tsx';
import { useSay } from '../locale/locale.tsx';
import { OPTOUT_NAMES, type OptinDraft } from './optin-form.ts';
import { useOptoutTitle } from './optout-columns.tsx';

interface Props {
  draft: OptinDraft;
  onChange: (draft: OptinDraft) => void;
}

/** How Campaign's changes are found: by asking it, or by the daily file. */
export function OptinSource({ draft, onChange }: Props) {
  const say = useSay();
  return (
    <>
      <ChoiceCards
        at="/source"
        label={say('edit.source')}
        value={draft.source}
        choices={namesOf(OPTIN_SOURCES).map((value) => ({
          value,
          title: say(OPTIN_SOURCES[value]),
          help: say(`optin.source.${value}.help`),
        }))}
        onChange={(source) => onChange({ ...draft, source })}
      />
      {draft.source === 'poll' ? (
        <PollEntries draft={draft} onChange={onChange} />
      ) : (
        <ExportEntries draft={draft} onChange={onChange} />
      )}
    </>
  );
}

const POLL_TEXTS = ['filter', 'parameter', 'keyField'] as const;
const POLL_NUMBERS = ['everySeconds', 'overlapSeconds', 'profilesPerPage'] as const;

function PollEntries({ draft, onChange }: Props) {
  const say = useSay();
  const { poll } = draft;
  return (
    <Fields>
      {POLL_TEXTS.map((name) => (
        <TextEntry
          key={name}
          at={`/poll/${name}`}
          label={name === 'keyField' ? say('optin.poll.keyField') : say(`edit.${name}`)}
          help={say(`optin.poll.${name}.help`)}
          value={poll[name]}
          onChange={(value) => onChange({ ...draft, poll: { ...poll, [name]: value } })}
        />
      ))}
      {POLL_NUMBERS.map((name) => (
        <NumberEntry
          key={name}
          at={`/poll/${name}`}
          label={say(`optin.poll.${name}`)}
          help={say(`optin.poll.${name}.help`)}
          value={poll[name]}
          onChange={(value) => onChange({ ...draft, poll: { ...poll, [name]: value } })}
        />
      ))}
    </Fields>
  );
}

function ExportEntries({ draft, onChange }: Props) {
  const say = useSay();
  const optoutTitle = useOptoutTitle();
  const files = draft.export;
  const set = (changed: Partial<OptinDraft['export']>) =>
    onChange({ ...draft, export: { ...files, ...changed } });
  const names = OPTOUT_NAMES.map((name) => ({ name, label: optoutTitle(name) }));
  return (
    <>
      <Fields>
        <TextEntry
          at="/export/files"
          label={say('optin.export.files')}
          help={say('files.pattern.help')}
          value={files.files}
          onChange={(pattern) => set({ files: pattern })}
        />
        <TextEntry
          at="/export/keyColumn"
          label={say('optin.export.keyColumn')}
          help={say('optin.export.keyColumn.help')}
          placeholder="externalId"
          value={files.keyColumn ?? ''}
          onChange={(heading) => set({ keyColumn: heading === '' ? null : heading })}
        />
        <NumberEntry
          at="/export/lateAfterHours"
          label={say('optin.export.lateAfterHours')}
          help={say('optin.export.lateAfterHours.help')}
          value={files.lateAfterHours}
          onChange={(lateAfterHours) => set({ lateAfterHours })}
        />
        <FileEntries at="/export" files={files} onChange={set} />
      </Fields>
      <div>
        <HeadingEntries
          at="/export/columns"
          title={say('optin.export.columns')}
          names={names}
          headings={files.columns}
          onChange={(columns) => set({ columns })}
        />
        <HeadingEntries
          at="/export/changedAtColumns"
          title={say('optin.export.changedAtColumns')}
          names={names}
          headings={files.changedAtColumns}
          onChange={(changedAtColumns) => set({ changedAtColumns })}
        />
      </div>
    </>
  );
}
