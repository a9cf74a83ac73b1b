/** How many rows go into one request: halved by what is too much, then growing slowly back. */
export type BulkSize = { rows(): number; tooMuch(sentRows: number): void; enough(): void };

export function bulkSize(rowsMax: number): BulkSize {
  let rows = rowsMax;
  return {
    rows: () => Math.floor(rows),
    tooMuch: (sentRows) => {
      rows = Math.max(1, Math.floor(Math.min(rows, sentRows) / 2));
    },
    enough: () => {
      rows = Math.min(rowsMax, rows + Math.max(1, rows / 10));
    },
  };
}
