import type { Cursor } from '@landbridge/messaging';
import { z } from 'zod';

const File = z.object({ name: z.string(), size: z.number(), modifiedAtS: z.number() });

/** How far the export files were read. */
export const ExportCursor = z.object({
  schemaVersion: z.literal(1),
  /** Where files are looked for, and which pairs are read; another shape begins anew. */
  shape: z.string(),
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
  /** When the last file was read to its end; before that, when the first look was. */
  lastFileAt: z.iso.datetime(),
  /** What people were told and is not over. */
  raised: z.array(z.enum(['ExportLate', 'ExportUnreadable'])).default([]),
  /** False until one file was read. */
  anyRead: z.boolean(),
});
export type ExportCursor = z.infer<typeof ExportCursor>;

export function exportCursor(saved: Cursor | null, shape: string, now: Date): ExportCursor {
  const parsed = ExportCursor.safeParse(saved);
  if (parsed.success && parsed.data.shape === shape) return parsed.data;
  const at = now.toISOString();
  return {
    schemaVersion: 1,
    shape,
    look: [],
    lookedAt: new Date(0).toISOString(),
    reading: null,
    finished: [],
    done: [],
    complaint: null,
    lastFileAt: at,
    raised: parsed.success ? parsed.data.raised : [],
    anyRead: false,
  };
}
