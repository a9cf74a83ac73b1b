import type { z } from 'zod';

/** One field at fault: an RFC 6901 pointer (`''` is the whole part) and what is wrong with it. */
export interface FieldError {
  pointer: string;
  message: string;
}

/** What of a request has a schema of its own. */
export type Part = 'body' | 'params' | 'querystring' | 'headers';
type Issue = z.core.$ZodIssue;

/** A part of a request that its schema refuses. Scoped to this app; branched on by problems.ts. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest';
  readonly part: Part;
  readonly errors: FieldError[];
  constructor(part: Part, errors: FieldError[]) {
    super(`The ${part} does not fit its schema`);
    this.part = part;
    this.errors = errors;
  }
}

/** RFC 6901: `~` and `/` inside a name are escaped. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const valueAt = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined,
    data,
  );

/** A whole part that is not there comes as null. */
const isMissing = (data: unknown, path: readonly PropertyKey[]): boolean =>
  valueAt(data, path) === undefined || (path.length === 0 && data === null);

/** How far the shape is from a branch's: unknown and missing fields at the top of it. */
const misfitOf = (issues: readonly Issue[], data: unknown, base: readonly PropertyKey[]): number =>
  issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys')
      return sum + (issue.path.length === 0 ? issue.keys.length : 0);
    const isMiss =
      issue.path.length === 0 ||
      (issue.path.length === 1 && isMissing(data, [...base, ...issue.path]));
    return sum + (isMiss ? 1 : 0);
  }, 0);

const isAtRoot = (issue: Issue): boolean =>
  issue.path.length === 0 && issue.code !== 'unrecognized_keys';

/** The fields that a branch asks for, where nothing but they is missing; else null. */
function fieldsWanted(
  branch: readonly Issue[],
  data: unknown,
  base: readonly PropertyKey[],
): string | null {
  const isAbsent = (issue: Issue) =>
    issue.path.length === 1 && isMissing(data, [...base, ...issue.path]);
  return branch.every(isAbsent) ? branch.map(({ path }) => path.join()).join(' and ') : null;
}

function errorsOfUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  data: unknown,
  path: PropertyKey[],
): FieldError[] {
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const misfit = (branch: readonly Issue[]) => misfitOf(branch, data, path);
  const nearest = branches.toSorted((one, other) => misfit(one) - misfit(other))[0];
  if (nearest === undefined) return [{ pointer: pointerTo(path), message: issue.message }];
  if (branches.every((branch) => branch.some(isAtRoot))) {
    const messages = new Set(branches.map((branch) => branch[0]?.message ?? issue.message));
    return [{ pointer: pointerTo(path), message: [...messages].join('; or: ') }];
  }
  const wanted = branches.map((branch) => fieldsWanted(branch, data, path));
  if (!wanted.includes(null)) {
    return [{ pointer: pointerTo(path), message: `needs ${wanted.join(', or ')}` }];
  }
  return fieldErrors(nearest, data, path);
}

/**
 * Zod's issues as fields at fault, each unknown field by itself; of a union, only the faults of
 * the branch that was meant.
 */
export function fieldErrors(
  issues: readonly Issue[],
  data: unknown,
  base: readonly PropertyKey[] = [],
): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: pointerTo([...path, key]),
        message: 'is not a known field',
      }));
    }
    if (issue.code === 'invalid_union') return errorsOfUnion(issue, data, path);
    if (issue.code === 'invalid_type' && isMissing(data, path)) {
      return [{ pointer: pointerTo(path), message: 'is required' }];
    }
    return [{ pointer: pointerTo(path), message: issue.message }];
  });
}
