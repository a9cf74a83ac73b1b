import type { RunVoice } from '@landbridge/pipeline';
import type { ExportCursor } from './export-cursor.ts';

type Voice = Pick<RunVoice, 'raise' | 'clear'>;
type ExportCondition = ExportCursor['raised'][number];

/** Tells people, and remembers that it was told. */
export function raiseCondition(
  cursor: ExportCursor,
  condition: ExportCondition,
  message: string,
  voice: Voice,
): ExportCursor {
  voice.raise(condition, message);
  return { ...cursor, raised: [...new Set([...cursor.raised, condition])] };
}

/**
 * What cannot be read is told for as long as a file of no use lies there, and until a file was read
 * that has nothing amiss; also after a new start, which knows of no condition.
 */
export function tellUnreadable(cursor: ExportCursor, voice: Voice): ExportCursor {
  const complaint = cursor.left.at(-1)?.complaint ?? cursor.complaint;
  return complaint === null
    ? clearCondition(cursor, 'ExportUnreadable', voice)
    : raiseCondition(cursor, 'ExportUnreadable', complaint, voice);
}

/** Ends it, whichever replica raised it: a replica clears only what it has raised itself. */
export function clearCondition(
  cursor: ExportCursor,
  condition: ExportCondition,
  voice: Voice,
): ExportCursor {
  if (!cursor.raised.includes(condition)) return cursor;
  voice.raise(condition, 'It is over');
  voice.clear(condition);
  return { ...cursor, raised: cursor.raised.filter((one) => one !== condition) };
}
