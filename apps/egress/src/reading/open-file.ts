import { readRows, type RowBatch, type SftpFile } from '@landbridge/sftp';
import { type LogFolder, pathOf } from './log-folder.ts';

/** Rows of one batch. */
const BATCH_ROWS_MAX = 1_000;

/**
 * The file that is being read, kept open between two batches. It is a convenience alone: from any
 * other place than where it stands, the file is opened anew and skipped to there.
 */
export class OpenFile {
  readonly #folder: LogFolder;
  #rows: AsyncGenerator<RowBatch> | null = null;
  #reading = new AbortController();
  #standsAt = '';

  constructor(folder: LogFolder) {
    this.#folder = folder;
  }

  /**
   * The rows after `line`; null: there are no more, and the file is as it was when it was opened.
   * Throws  as `readRows`; the next call opens the file anew.
   */
  async after(file: SftpFile, line: number, signal: AbortSignal): Promise<RowBatch | null> {
    if (this.#rows === null || this.#standsAt !== placeOf(file, line)) {
      await this.close();
      this.#rows = this.#open(file, line);
    }
    // The file stays open beyond this call, and with it a signal of its own.
    const reading = this.#reading;
    const giveUp = () => reading.abort(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      signal.throwIfAborted();
      const next = await this.#rows.next();
      signal.throwIfAborted();
      if (next.done === true) {
        this.#rows = null;
        return null;
      }
      this.#standsAt = placeOf(file, next.value.next.line);
      return next.value;
    } catch (error) {
      this.#rows = null;
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  async close(): Promise<void> {
    const rows = this.#rows;
    this.#rows = null;
    await rows?.return(undefined);
  }

  #open(file: SftpFile, line: number): AsyncGenerator<RowBatch> {
    const path = pathOf(this.#folder, file.name);
    const { size, modifiedAtS } = file;
    const cursor = { file: path, modifiedAtS, size, line };
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    return readRows(this.#folder.client, path, {
      ...{ file, cursor, signal },
      batchRowsMax: BATCH_ROWS_MAX,
    });
  }
}

const placeOf = ({ name, size, modifiedAtS }: SftpFile, line: number): string =>
  JSON.stringify([name, size, modifiedAtS, line]);
