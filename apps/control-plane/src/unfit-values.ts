import { pointerTo, type FieldError } from './invalid-request.ts';

/** A mapping's filter of the ten levels that are allowed takes 22. */
const LEVELS_MAX = 32;
/** Whoever mends so many finds the next ones when sending again. */
const FAULTS_MAX = 20;

/** Postgres keeps neither in JSON, though both are valid there. Null: the text can be kept. */
function faultOf(text: string): string | null {
  if (text.includes('\u0000')) return 'must not contain the character U+0000';
  return text.isWellFormed() ? null : 'must not contain half of a surrogate pair';
}

function* faultsIn(value: unknown, path: readonly string[]): Generator<FieldError> {
  if (typeof value === 'string') {
    const message = faultOf(value);
    if (message !== null) yield { pointer: pointerTo(path), message };
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (path.length === LEVELS_MAX) {
    yield { pointer: pointerTo(path), message: `nests deeper than ${LEVELS_MAX} levels` };
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    const message = faultOf(name);
    if (message !== null) yield { pointer: pointerTo([...path, name]), message };
    yield* faultsIn(inner, [...path, name]);
  }
}

/**
 * What no schema may be given, whatever it describes: texts that the database cannot keep, and
 * nesting that would exhaust the stack of whoever parses it. At most the first 20.
 */
export function unfitValues(data: unknown): FieldError[] {
  const faults: FieldError[] = [];
  for (const fault of faultsIn(data, [])) {
    faults.push(fault);
    if (faults.length === FAULTS_MAX) break;
  }
  return faults;
}
