import type { FieldFault } from '../api/types.ts';
import type { MessageId } from '../locale/message.ts';

/** What is wrong at a place of a form: a sentence of the catalogue, or the server's own. */
export type Fault = { pointer: string } & (
  { say: MessageId; text?: undefined } | { say?: undefined; text: string }
);

/** A fault in the server's own words. */
export const toldBy = ({ message }: FieldFault, pointer: string): Fault => ({
  pointer,
  text: message,
});
