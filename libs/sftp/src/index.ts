/** Files on an SFTP server, and the rows of delimited ones; knows no Campaign and no NATS. */
export type { Asking } from './ask.ts';
export { disposeOf } from './dispose-of.ts';
export {
  FileIncomplete,
  FileUnreadable,
  headingRepeated,
  SftpRefused,
  SftpUnreachable,
} from './errors.ts';
export { endsWhole, fingerprintOf, fitsPattern, unchangedFiles } from './look.ts';
export { readRows, type FileCursor, type FileRow, type RowBatch } from './read-rows.ts';
export {
  createSftpClient,
  type SftpClient,
  type SftpClientOptions,
  type SftpFile,
} from './sftp-client.ts';
