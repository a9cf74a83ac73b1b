import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** One change, as a JSON array whose first element names its kind. */
export type JournalLine = readonly unknown[];

/**
 * What happened, a line each, written before the reply leaves: kill -9 loses nothing that was
 * answered. Without a directory it forgets everything.
 */
export class Journal {
  readonly #path: string | null;
  #file: number | null = null;

  constructor(directory: string | undefined, name: string) {
    if (directory === undefined) {
      this.#path = null;
      return;
    }
    mkdirSync(directory, { recursive: true });
    this.#path = join(directory, `${name}.jsonl`);
  }

  /** What was written before; a last line that a crash cut short is left out. */
  *read(): Generator<JournalLine> {
    if (this.#path === null || !existsSync(this.#path)) return;
    const file = openSync(this.#path, 'r');
    const chunk = Buffer.alloc(1 << 20);
    let rest = Buffer.alloc(0);
    try {
      for (;;) {
        const bytes = readSync(file, chunk);
        if (bytes === 0) return;
        const data = Buffer.concat([rest, chunk.subarray(0, bytes)]);
        const end = data.lastIndexOf(10);
        rest = Buffer.from(data.subarray(end + 1));
        for (const line of data.toString('utf8', 0, Math.max(end, 0)).split('\n')) {
          if (line !== '') yield JSON.parse(line) as JournalLine;
        }
      }
    } finally {
      closeSync(file);
    }
  }

  /** Puts `lines` in place of all that was written, in one step, and goes on behind them. */
  restart(lines: Iterable<JournalLine>): void {
    if (this.#path === null) return;
    if (this.#file !== null) closeSync(this.#file);
    const next = openSync(`${this.#path}.next`, 'w');
    let chunk = '';
    for (const line of lines) {
      chunk += `${JSON.stringify(line)}\n`;
      if (chunk.length > 1 << 20) {
        writeSync(next, chunk);
        chunk = '';
      }
    }
    writeSync(next, chunk);
    renameSync(`${this.#path}.next`, this.#path);
    this.#file = next;
  }

  write(line: JournalLine): void {
    if (this.#file !== null) writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}
