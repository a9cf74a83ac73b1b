/** Values within a configuration, by JSON pointer. */

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const withSortedNames = (_name: string, value: unknown): unknown =>
  isFields(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** Whether two values say the same in JSON, whatever the order of their names. */
export const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one, withSortedNames) === JSON.stringify(other, withSortedNames);

/** What stands at a pointer; undefined where nothing does. */
export function valueAt(whole: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined,
      whole,
    );
}

/** One value that is another one now. */
export interface ValueChange {
  pointer: string;
  before: unknown;
  after: unknown;
}

/** Each value that differs, however deep it is; a list is told as a whole. */
export function valueChanges(before: unknown, after: unknown, pointer = ''): ValueChange[] {
  if (isSame(before, after)) return [];
  if (!isFields(before) || !isFields(after)) return [{ pointer, before, after }];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    valueChanges(before[name], after[name], `${pointer}/${name}`),
  );
}

/** What I changed since `base` on top of what somebody else saved; all else as they have it. */
export function mergeOnto<Value>(base: Value, theirs: Value, mine: Value): Value {
  if (isSame(base, mine)) return theirs;
  if (isSame(base, theirs)) return mine;
  if (!isFields(base) || !isFields(theirs) || !isFields(mine)) return mine;
  const names = new Set([...Object.keys(theirs), ...Object.keys(mine)]);
  const merged = [...names].map((name): [string, unknown] => [
    name,
    mergeOnto<unknown>(base[name], theirs[name], mine[name]),
  ]);
  return Object.assign({}, mine, Object.fromEntries(merged));
}
