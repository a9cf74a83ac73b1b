const SEPARATORS = ['\t', ';', ',', '|'] as const;

/** How a delimited text is written. `quote`: of the headings; null: they are not quoted. */
export type Dialect = { separator: string; quote: '"' | "'" | null };

/** Tells the separator and quotes by the headings, which seldom hold either. */
export function dialectOf(head: string): Dialect {
  const [line = ''] = head.replace(/^\uFEFF/, '').split(/\r?\n|\r/);
  const quote = line.startsWith("'") ? "'" : '"';
  const bare = line.replaceAll(quote === "'" ? /'[^']*'/g : /"[^"]*"/g, '');
  const [separator] = SEPARATORS.map((one) => ({ one, count: bare.split(one).length - 1 }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
    .map(({ one }) => one);
  const dialect = { separator: separator ?? ',', quote } as const;
  return isQuoted(line, dialect) ? dialect : { ...dialect, quote: null };
}

/** Whether at least one heading begins with the mark, and is closed where it ends. */
function isQuoted(line: string, { separator, quote }: { separator: string; quote: string }) {
  const edge = separator === '|' ? '\\|' : separator;
  return new RegExp(`(?:^|${edge})${quote}[^${quote}]*${quote}(?:${edge}|$)`).test(line);
}
