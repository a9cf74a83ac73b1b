import type { en } from './en.ts';

/** The key of a sentence in every catalogue. */
export type MessageId = keyof typeof en;

/** What a sentence may be filled with. */
export type MessageValues = Record<string, string | number | Date>;

/** A sentence that is not written in a language yet. */
export interface Message {
  id: MessageId;
  values?: MessageValues;
}
