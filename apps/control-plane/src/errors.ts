import type { Revision } from '@landbridge/contracts';
import type { FieldError } from './invalid-request.ts';

/** What was asked for does not exist. `what` names it for people, such as `instance demo`. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
  readonly what: string;
  constructor(what: string, options?: ErrorOptions) {
    super(`There is no ${what}`, options);
    this.what = what;
  }
}

/** A rule says no to a command. `reason` is a sentence for people. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
  readonly command: string;
  readonly reason: string;
  constructor(command: string, reason: string, options?: ErrorOptions) {
    super(`${command} was refused: ${reason}`, options);
    this.command = command;
    this.reason = reason;
  }
}

/** A rule says no to some fields of what was to be saved; nothing was saved. */
export class FieldsRefused extends Error {
  override readonly name = 'FieldsRefused';
  readonly errors: readonly FieldError[];
  constructor(errors: readonly FieldError[], options?: ErrorOptions) {
    super(`Some fields were refused: ${errors.map(({ pointer }) => pointer).join(', ')}`, options);
    this.errors = errors;
  }
}

/** A table or a backlog is larger than a guardrail lets be replayed. */
export class GuardrailExceeded extends Error {
  override readonly name = 'GuardrailExceeded';
  readonly guardrail: string;
  readonly max: number;
  /** What is too large, for people, such as `The table contact`. */
  readonly what: string;
  readonly count: number;
  constructor(excess: { guardrail: string; max: number; what: string; count: number }) {
    super(`${excess.what} is past ${excess.guardrail}`);
    this.guardrail = excess.guardrail;
    this.max = excess.max;
    this.what = excess.what;
    this.count = excess.count;
  }
}

/** Somebody saved in between: `actual` is the newest revision, not the `expected` one. */
export class RevisionStale extends Error {
  override readonly name = 'RevisionStale';
  readonly expected: Revision;
  readonly actual: Revision;
  constructor(expected: Revision, actual: Revision, options?: ErrorOptions) {
    super(`Revision ${expected} was expected, ${actual} is the newest`, options);
    this.expected = expected;
    this.actual = actual;
  }
}

/** A list was asked to go on from a cursor that it never handed out. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
  readonly cursor: string;
  constructor(cursor: string, options?: ErrorOptions) {
    super('The cursor is not one of this list', options);
    this.cursor = cursor;
  }
}
