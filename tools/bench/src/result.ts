/** One measured figure. `ratio`: the value over the reference, more than 1 is better. */
export interface BenchLine {
  what: string;
  value: string;
  reference?: string;
  ratio?: number;
}

/** What one bench found out. */
export interface BenchResult {
  title: string;
  lines: BenchLine[];
}

/** The result as it is printed. */
export function printable({ title, lines }: BenchResult): string {
  const rows = lines.map(({ what, value, reference, ratio }) =>
    [
      what,
      value,
      reference === undefined ? '' : `against ${reference}`,
      ratio === undefined ? '' : `${ratio.toFixed(2)}x`,
    ].map((cell) => cell.trimEnd()),
  );
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const body = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [title, ...body.map((row) => `  ${row}`)].join('\n');
}
