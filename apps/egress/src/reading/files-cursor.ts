import type { Cursor } from '@landbridge/messaging';
import { z } from 'zod';

const LogFile = z.object({ name: z.string(), size: z.number(), modifiedAtS: z.number() });

/** How far the log files were read. */
export const FilesCursor = z.object({
  /** The last look at the folder, which the next one is compared with. Units: `atMs` since 1970. */
  look: z.object({ atMs: z.number(), files: z.array(LogFile) }).nullable(),
  /** Whole files that are to be read, in this order; the first is being read. */
  ready: z.array(LogFile),
  /** Rows of the first that are queued. */
  line: z.int().nonnegative(),
  /** All its rows are queued, so that it may go. */
  done: LogFile.nullable(),
  /** Fingerprints of files that stay where they are and were read. */
  kept: z.array(z.string()),
  /** Those of them that could not be read; other headings in the configuration may tell more. */
  unreadable: z.array(z.string()).default([]),
  /** The headings that the configuration names. */
  headings: z.string().nullable().default(null),
  readCount: z.int().nonnegative(),
});
export type FilesCursor = z.infer<typeof FilesCursor>;

/** Where reading goes on; with other headings, files that could not be read are read again. */
export function filesCursor(cursor: Cursor | null, headings: string): FilesCursor {
  const parsed = FilesCursor.safeParse(cursor);
  if (!parsed.success) {
    const nothing = { look: null, ready: [], line: 0, done: null, kept: [], unreadable: [] };
    return { ...nothing, headings, readCount: 0 };
  }
  const { kept, unreadable } = parsed.data;
  if (parsed.data.headings === headings) return parsed.data;
  const stillKept = kept.filter((file) => !unreadable.includes(file));
  return { ...parsed.data, headings, kept: stillKept, unreadable: [] };
}
