/**
 * The heading of a file's column that is one of `names`, the first of them that is there; case,
 * spaces and punctuation do not count. null: none is.
 */
export function columnByHeading(
  headings: readonly string[],
  names: readonly string[],
): string | null {
  for (const name of names) {
    const plain = plainHeading(name);
    const heading = headings.find((one) => plainHeading(one) === plain);
    if (heading !== undefined) return heading;
  }
  return null;
}

function plainHeading(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
