import { z } from 'zod';

/** Below the SFTP connection's directory, without slashes at its ends; empty is the directory. */
export const Folder = z
  .string()
  .max(512)
  .regex(/^$|^[^/]+(\/[^/]+)*$/, 'must be a folder’s path without slashes at its ends')
  .refine(
    (path) => !path.split('/').some((name) => name === '.' || name === '..'),
    'must not hold . or .. as a folder’s name',
  );

/** A file's name, where `*` stands for anything: `broadlog_*`. */
export const FilePattern = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/]+$/, 'must be a file’s name; * stands for anything');

/** What becomes of a file whose rows are all settled. Adobe keeps files for 15 days at most. */
export const FileAfterwards = z.enum(['keep', 'archive', 'delete']);
export type FileAfterwards = z.infer<typeof FileAfterwards>;

/** What the files of both workflows have in common. */
export const fileOptions = {
  folder: Folder.default(''),
  afterwards: FileAfterwards.default('archive'),
  /** Below the folder that the file was in. */
  archiveFolder: Folder.min(1).default('done'),
  /** Between two looks at the folder; a file is read when two looks found it unchanged. */
  lookEverySeconds: z.int().min(1).max(86_400).default(60),
};

/** One of a file's own headings, named where the usual ones do not fit. */
export const Heading = z.string().min(1).max(128);
