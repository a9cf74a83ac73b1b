/** Lines that one row may have. */
const LINES_MAX = 100;

/**
 * The rows of a file whose headings are not quoted. `lines` are cut at every separator, so that a
 * quotation mark is a mark like any other until the cells say more: a cell is quoted only where its
 * mark is closed before a separator or the line's end. A row that is closed in a later line is put
 * together, but never over a line that is whole by itself: so a stray mark takes no other row with it.
 */
export async function* looselyQuoted(
  lines: AsyncIterable<string[]>,
  separator: string,
): AsyncGenerator<string[]> {
  let width: number | null = null;
  let held: string[][] = [];
  for await (const line of lines) {
    if (held.length > 0) {
      const row: Unquoted | null =
        line.length === width ? null : unquoted(joined([...held, line]), separator);
      if (row !== null && !row.isOpen && row.cells.length === width) {
        yield row.cells;
        held = [];
        continue;
      }
      if (row !== null && held.length < LINES_MAX) {
        held.push(line);
        continue;
      }
      yield* apart(held, separator, width);
      held = [];
    }
    if (isEmpty(line)) continue;
    if (width === null) {
      width = line.length;
      yield line;
    } else if (unquoted(line, separator).isOpen) held = [line];
    else yield* apart([line], separator, width);
  }
  yield* apart(held, separator, width);
}

/** Each line as a row of its own; as it stands, where that fits the headings better. */
function* apart(
  lines: readonly string[][],
  separator: string,
  width: number | null,
): Generator<string[]> {
  for (const line of lines) {
    if (isEmpty(line)) continue;
    const { cells } = unquoted(line, separator);
    yield cells.length !== width && line.length === width ? line : cells;
  }
}

const isEmpty = (line: readonly string[]): boolean => line.length === 1 && line[0] === '';

/** Lines as one, with the breaks in the cells that they run through. */
function joined(lines: readonly string[][]): string[] {
  const [first = [], ...others] = lines;
  const cells = [...first];
  for (const [head = '', ...rest] of others) {
    cells.push(`${cells.pop() ?? ''}\n${head}`, ...rest);
  }
  return cells;
}

const CLOSED = /^"[^"]*(?:""[^"]*)*"$/;

/** `isOpen`: a cell begins with a quotation mark that nothing closes. */
type Unquoted = { cells: string[]; isOpen: boolean };

function unquoted(pieces: readonly string[], separator: string): Unquoted {
  const cells: string[] = [];
  let isOpen = false;
  for (let index = 0; index < pieces.length;) {
    const until =
      pieces[index]?.startsWith('"') === true ? closedAt(pieces, index, separator) : null;
    if (until === null) {
      isOpen ||= pieces[index]?.startsWith('"') === true;
      cells.push(pieces[index] ?? '');
      index += 1;
    } else {
      cells.push(contentOf(pieces.slice(index, until + 1).join(separator)));
      index = until + 1;
    }
  }
  return { cells, isOpen };
}

/** Up to which piece the cell goes that begins at `index`; null: it is not quoted. */
function closedAt(pieces: readonly string[], index: number, separator: string): number | null {
  let text = '';
  for (const [offset, piece] of pieces.slice(index).entries()) {
    text += offset === 0 ? piece : separator + piece;
    if (CLOSED.test(text)) return index + offset;
  }
  return null;
}

const contentOf = (quoted: string): string => quoted.slice(1, -1).replaceAll('""', '"');
