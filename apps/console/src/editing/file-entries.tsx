import { Radio, RadioGroup } from '@react-spectrum/s2';
import type { FileOptions } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';
import { NumberEntry, TextEntry } from './entries.tsx';
import { AFTERWARDS } from './field-words.ts';
import { namesOf } from './names-of.ts';

const CHOICES = namesOf(AFTERWARDS);

interface Props {
  at: string;
  files: FileOptions;
  onChange: (files: Partial<FileOptions>) => void;
}

/** What the files on the SFTP server have in common: where they are, and what becomes of them. */
export function FileEntries({ at, files, onChange }: Props) {
  const say = useSay();
  return (
    <>
      <TextEntry
        at={`${at}/folder`}
        label={say('files.folder')}
        help={say('files.folder.help')}
        value={files.folder}
        onChange={(folder) => onChange({ folder })}
      />
      <NumberEntry
        at={`${at}/lookEverySeconds`}
        label={say('files.lookEverySeconds')}
        help={say('files.lookEverySeconds.help')}
        value={files.lookEverySeconds}
        onChange={(lookEverySeconds) => onChange({ lookEverySeconds })}
      />
      <RadioGroup
        label={say('files.afterwards')}
        value={files.afterwards}
        onChange={(next) => {
          const afterwards = CHOICES.find((choice) => choice === next);
          if (afterwards !== undefined) onChange({ afterwards });
        }}
        orientation="horizontal"
      >
        {CHOICES.map((choice) => (
          <Radio key={choice} value={choice}>
            {say(AFTERWARDS[choice])}
          </Radio>
        ))}
      </RadioGroup>
      {files.afterwards === 'archive' && (
        <TextEntry
          at={`${at}/archiveFolder`}
          label={say('files.archiveFolder')}
          help={say('files.archiveFolder.help')}
          value={files.archiveFolder}
          onChange={(archiveFolder) => onChange({ archiveFolder })}
        />
      )}
    </>
  );
}
