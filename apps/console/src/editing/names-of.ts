/** A record's names as it writes them, in its order: a list that cannot lack one of its type's. */
export function namesOf<Names extends object>(record: Names): Extract<keyof Names, string>[] {
  const names: Extract<keyof Names, string>[] = [];
  for (const name in record) names.push(name);
  return names;
}
