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
