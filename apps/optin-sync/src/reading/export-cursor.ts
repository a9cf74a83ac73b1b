import type { Cursor } from '@landbridge/messaging';
import { fingerprintOf } from '@landbridge/sftp';
import { z } from 'zod';

const File = z.object({ name: z.string(), size: z.number(), modifiedAtS: z.number() });

/** How far the export files were read. */
export const ExportCursor = z.object({
  schemaVersion: z.literal(1),
  /** Where files are looked for, and which pairs are read; another shape begins anew. */
  shape: z.string(),
  /** The headings that the configuration names; with others, files that still lie there are read again. */
  headings: z.string().nullable().default(null),
  /** The last look at the folder, and when it was. */
  look: z.array(File),
  lookedAt: z.iso.datetime(),
  /** The file in hand, and the row up to which it was read. */
  reading: z
    .object({
      file: File,
      at: z
        .object({
          file: z.string(),
          modifiedAtS: z.number(),
          size: z.number(),
          line: z.number(),
        })
        .nullable(),
      /** The first of its rows that could not be read in full, in words. */
      complaint: z.string().nullable().default(null),
    })
    .nullable(),
  /** What could not be read of the last file that was read to its end. */
  complaint: z.string().nullable().default(null),
  /** Read to their end; put away once all is settled that was queued until then. null: not known yet. */
  finished: z.array(z.object({ file: File, queuedAt: z.iso.datetime().nullable().default(null) })),
  /** Fingerprints of files that are not read again, for as long as they lie there. */
  done: z.array(z.string()),
  /** Those of them that are of no use as they are, and why. */
  left: z.array(z.object({ file: z.string(), complaint: z.string() })).default([]),
  /** When the last file was read to its end; before that, when the first look was. */
  lastFileAt: z.iso.datetime(),
  /** What people were told and is not over. */
  raised: z.array(z.enum(['ExportLate', 'ExportUnreadable'])).default([]),
  /** False until one file was read. */
  anyRead: z.boolean(),
});
export type ExportCursor = z.infer<typeof ExportCursor>;

/** Where reading goes on, as far as it was configured as it is now. */
export function exportCursor(
  saved: Cursor | null,
  { shape, headings }: Pick<ExportCursor, 'shape' | 'headings'>,
  now: Date,
): ExportCursor {
  const parsed = ExportCursor.safeParse(saved);
  if (parsed.success && parsed.data.shape === shape) {
    return parsed.data.headings === headings ? parsed.data : readAnew(parsed.data, headings);
  }
  const at = now.toISOString();
  return {
    schemaVersion: 1,
    shape,
    headings,
    look: [],
    lookedAt: new Date(0).toISOString(),
    reading: null,
    finished: [],
    done: [],
    left: [],
    complaint: null,
    lastFileAt: at,
    raised: parsed.success ? parsed.data.raised : [],
    anyRead: false,
  };
}

/** Other headings may tell what was not understood; what was told before is no news. */
function readAnew(cursor: ExportCursor, headings: string | null): ExportCursor {
  const { reading, finished } = cursor;
  return {
    ...cursor,
    headings,
    reading: reading && { ...reading, at: null, complaint: null },
    done: finished.map(({ file }) => fingerprintOf(file)),
    left: [],
    complaint: null,
  };
}
