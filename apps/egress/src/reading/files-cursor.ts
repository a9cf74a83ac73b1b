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
  readCount: z.int().nonnegative(),
});
export type FilesCursor = z.infer<typeof FilesCursor>;

/** Where reading goes on. */
export function filesCursor(cursor: Cursor | null): FilesCursor {
  const parsed = FilesCursor.safeParse(cursor);
  if (parsed.success) return parsed.data;
  return { look: null, ready: [], line: 0, done: null, kept: [], readCount: 0 };
}
