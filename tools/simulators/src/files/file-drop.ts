import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { MailSwitches } from '../mail/mail-switches.schema.ts';
import { fileStamp } from './delimited-text.ts';

type Growing = { path: string; rest: Buffer; last: () => void };
type Held = { name: string; content: Buffer };

/** A file in the drop: `bytes` as they are there now, while it may still grow. */
export type DroppedFile = { name: string; bytes: number; isGrowing: boolean };

/** Puts files where SFTP clients find them, whole or as slowly as the switches say. */
export class FileDrop {
  readonly #directory: string;
  readonly #switches: () => MailSwitches;
  readonly #growing: Growing[] = [];
  #held: Held[] = [];
  #last: Held | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(directory: string, switches: () => MailSwitches) {
    this.#directory = directory;
    this.#switches = switches;
    mkdirSync(directory, { recursive: true });
  }

  /** Answers the names under which the file came, at once or later. */
  put(stem: string, text: string, at: Date): string[] {
    const { fileGzip, fileExtension, fileArrival } = this.#switches();
    const content = fileGzip ? gzipSync(text) : Buffer.from(text);
    const named = (moment: Date): Held => ({
      name: `${stem}_${fileStamp(moment)}.${fileExtension}${fileGzip ? '.gz' : ''}`,
      content,
    });
    const first = this.#unused(named, at.getTime());
    if (fileArrival === 'late') {
      this.#held.push(first);
      return [first.name];
    }
    this.#write(first);
    if (fileArrival !== 'repeated') return [first.name];
    const second = this.#unused(named, at.getTime() + 1_000);
    this.#write(second);
    return [first.name, second.name];
  }

  /** Puts the last file there again under its own name, as a workflow that was restarted does. */
  repeatLast(): string | null {
    if (this.#last === null) return null;
    this.#write(this.#last);
    return this.#last.name;
  }

  deliverLate(): string[] {
    const held = this.#held;
    this.#held = [];
    for (const file of held) this.#write(file);
    return held.map(({ name }) => name);
  }

  /** Appends the next chunk to each file that grows; answers how many still do. */
  grow(): number {
    const { fileChunkBytes } = this.#switches();
    for (const file of [...this.#growing]) {
      appendFileSync(file.path, file.rest.subarray(0, fileChunkBytes));
      file.rest = file.rest.subarray(fileChunkBytes);
      if (file.rest.length > 0) continue;
      this.#growing.splice(this.#growing.indexOf(file), 1);
      file.last();
    }
    if (this.#growing.length === 0) this.stop();
    return this.#growing.length;
  }

  list(): DroppedFile[] {
    return readdirSync(this.#directory)
      .sort()
      .map((name) => {
        const path = join(this.#directory, name);
        const isGrowing = this.#growing.some((one) => one.path === path);
        return { name, bytes: statSync(path).size, isGrowing };
      });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Two files of one second bear two names: the later one waits in name alone. */
  #unused(named: (moment: Date) => Held, fromMs: number): Held {
    const taken = new Set([...this.list(), ...this.#held].map(({ name }) => name));
    for (let ms = fromMs; ; ms += 1_000) {
      const file = named(new Date(ms));
      if (!taken.has(file.name) && this.#last?.name !== file.name) return file;
    }
  }

  #write(file: Held): void {
    this.#last = file;
    const { fileWrites, fileDoneMarker, fileChunkEveryMs } = this.#switches();
    const final = join(this.#directory, file.name);
    const mark = (): void => {
      if (fileDoneMarker) writeFileSync(`${final}.done`, '');
    };
    if (fileWrites === 'atOnce') {
      writeFileSync(final, file.content);
      mark();
      return;
    }
    const path = fileWrites === 'renamed' ? `${final}.part` : final;
    writeFileSync(path, '');
    const last = (): void => {
      if (path !== final) renameSync(path, final);
      mark();
    };
    this.#growing.push({ path, rest: file.content, last });
    this.grow();
    if (this.#growing.length > 0 && fileChunkEveryMs > 0) {
      this.#timer ??= setInterval(() => this.grow(), fileChunkEveryMs);
    }
  }
}
