/** `isRepeated`: another column has this heading too, so nobody knows which of them is meant. */
export type FoundHeading = { heading: string; isRepeated: boolean };

/**
 * The heading of a file's column that is one of `names`, the first of them that is there; case,
 * spaces and punctuation do not count, unless one is written just so. null: none is.
 */
export function columnByHeading(
  headings: readonly string[],
  names: readonly string[],
): FoundHeading | null {
  for (const name of names) {
    const same = headings.filter((one) => one === name);
    const alike = headings.filter((one) => plainHeading(one) === plainHeading(name));
    const found = same.length > 0 ? same : alike;
    const [heading] = found;
    if (heading !== undefined) return { heading, isRepeated: found.length > 1 };
  }
  return null;
}

/** Of the columns that are used, the headings that others have too. */
export function repeatedOf(used: readonly (FoundHeading | null)[]): string[] {
  const repeated = used.flatMap((one) => (one?.isRepeated === true ? [one.heading] : []));
  return [...new Set(repeated)];
}

function plainHeading(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
