const SEPARATORS = ['\t', ';', ',', '|'] as const;

/** How a delimited text is written. */
export type Dialect = { separator: string; quote: '"' | "'" };

/** Tells the separator and quotes by the headings, which seldom hold either. */
export function dialectOf(head: string): Dialect {
  const [line = ''] = head.replace(/^\uFEFF/, '').split(/\r?\n|\r/);
  const quote = line.startsWith("'") ? "'" : '"';
  const bare = line.replaceAll(quote === "'" ? /'[^']*'/g : /"[^"]*"/g, '');
  const [separator] = SEPARATORS.map((one) => ({ one, count: bare.split(one).length - 1 }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
    .map(({ one }) => one);
  return { separator: separator ?? ',', quote };
}
