import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import type { EgressConfiguration } from '../api/types.ts';
import { ChoiceCards } from '../editing/choice-cards.tsx';
import { NumberEntry, TextEntry } from '../editing/entries.tsx';
import { EGRESS_SOURCES } from '../editing/field-words.ts';
import { FileEntries } from '../editing/file-entries.tsx';
import { HeadingEntries } from '../editing/heading-entries.tsx';
import { namesOf } from '../editing/names-of.ts';
import { Fields } from '../editing/section.tsx';
import { useSay } from '../locale/locale.tsx';
import { LOG_HEADINGS } from './egress-form.ts';

const line = style({ font: 'body-sm', margin: 0 });

interface Props {
  draft: EgressConfiguration;
  onChange: (draft: EgressConfiguration) => void;
}

/** Where the events come from, and how that is read. */
export function SourceEntries({ draft, onChange }: Props) {
  const say = useSay();
  const { source, journal, files } = draft;
  const setFiles = (changed: Partial<EgressConfiguration['files']>) =>
    onChange({ ...draft, files: { ...files, ...changed } });
  const names = LOG_HEADINGS.map((name) => ({ name, label: say(`egress.heading.${name}`) }));
  return (
    <>
      <ChoiceCards
        at="/source"
        label={say('edit.source')}
        value={source}
        choices={namesOf(EGRESS_SOURCES).map((value) => ({
          value,
          title: say(EGRESS_SOURCES[value]),
          help: say(`egress.source.${value}.help`),
        }))}
        onChange={(chosen) => onChange({ ...draft, source: chosen })}
      />
      {source === 'journal' && (
        <>
          <Fields>
            <NumberEntry
              at="/journal/readEverySeconds"
              label={say('egress.journal.readEverySeconds')}
              help={say('egress.journal.readEverySeconds.help')}
              value={journal.readEverySeconds}
              onChange={(readEverySeconds) =>
                onChange({ ...draft, journal: { ...journal, readEverySeconds } })
              }
            />
            <NumberEntry
              at="/journal/eventsPerReadMax"
              label={say('egress.journal.eventsPerReadMax')}
              help={say('egress.journal.eventsPerReadMax.help')}
              value={journal.eventsPerReadMax}
              onChange={(eventsPerReadMax) =>
                onChange({ ...draft, journal: { ...journal, eventsPerReadMax } })
              }
            />
          </Fields>
          <p className={line}>
            {say('egress.journal.shapes.kept', { count: journal.shapes.length })}
          </p>
        </>
      )}
      {source === 'files' && (
        <>
          <Fields>
            <TextEntry
              at="/files/deliveryLogs"
              label={say('egress.files.deliveryLogs')}
              help={say('files.pattern.help')}
              value={files.deliveryLogs}
              onChange={(deliveryLogs) => setFiles({ deliveryLogs })}
            />
            <TextEntry
              at="/files/trackingLogs"
              label={say('egress.files.trackingLogs')}
              help={say('files.pattern.help')}
              value={files.trackingLogs}
              onChange={(trackingLogs) => setFiles({ trackingLogs })}
            />
            <FileEntries at="/files" files={files} onChange={setFiles} />
          </Fields>
          <div>
            <HeadingEntries
              at="/files/deliveryColumns"
              title={say('egress.files.deliveryLogs')}
              names={names}
              headings={files.deliveryColumns}
              onChange={(deliveryColumns) => setFiles({ deliveryColumns })}
            />
            <HeadingEntries
              at="/files/trackingColumns"
              title={say('egress.files.trackingLogs')}
              names={names}
              headings={files.trackingColumns}
              onChange={(trackingColumns) => setFiles({ trackingColumns })}
            />
          </div>
        </>
      )}
    </>
  );
}
