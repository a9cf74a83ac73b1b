import { z } from 'zod';
import type { CampaignFiles } from './campaign-files.ts';
import type { DroppedFile } from './file-drop.ts';
import type { SftpServer } from './sftp-server.ts';

/** What the workflows that write files do, and what lies on SFTP. */
export type FilesControl = {
  /** Runs the log workflow: what is new since its last run. Answers the files' names. */
  writeLogFiles(): string[];
  /** Runs the daily opt-out export. Answers the files' names; none where nothing changed. */
  exportOptOuts(): string[];
  /** Lets both run by themselves every so many seconds; 0 stops one. */
  scheduleFiles(everyS: { logs: number; optOuts: number }): void;
  /** Appends the next chunk to each half-written file. Answers how many are still growing. */
  growFiles(): number;
  /** What the switch `fileArrival: 'late'` held back comes now, under its old stamp. */
  deliverLateFiles(): string[];
  /** Puts the last file there once more under the same name. */
  repeatLastFile(): string | null;
  files(): DroppedFile[];
  /** `false`: the key was deleted or has expired, and logging in is refused. */
  setSftpAccess(allowed: boolean): void;
  sftpGoAway(): Promise<void>;
  sftpComeBack(): Promise<void>;
};

export function filesSteering(files: CampaignFiles, sftp: SftpServer): FilesControl {
  return {
    writeLogFiles: () => files.writeLogFiles(),
    exportOptOuts: () => files.exportOptOuts(),
    scheduleFiles: (everyS) => files.schedule(everyS),
    growFiles: () => files.drop.grow(),
    deliverLateFiles: () => files.drop.deliverLate(),
    repeatLastFile: () => files.drop.repeatLast(),
    files: () => files.drop.list(),
    setSftpAccess: (allowed) => sftp.setAccess(allowed),
    sftpGoAway: () => sftp.shut(),
    sftpComeBack: () => sftp.open(),
  };
}

const Seconds = z.number().min(0).max(86_400);

/** What each method takes when it is called over HTTP. */
export const FILES_PARAMETERS: Record<keyof FilesControl, z.ZodType<unknown[]>> = {
  writeLogFiles: z.tuple([]),
  exportOptOuts: z.tuple([]),
  scheduleFiles: z.tuple([z.strictObject({ logs: Seconds, optOuts: Seconds })]),
  growFiles: z.tuple([]),
  deliverLateFiles: z.tuple([]),
  repeatLastFile: z.tuple([]),
  files: z.tuple([]),
  setSftpAccess: z.tuple([z.boolean()]),
  sftpGoAway: z.tuple([]),
  sftpComeBack: z.tuple([]),
};
