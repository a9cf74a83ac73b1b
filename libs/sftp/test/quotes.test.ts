import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dialectOf } from '../src/sniff.ts';
import { recordsIn } from '../src/records-in.ts';

const SEPARATORS = ['\t', ';', ',', '|'] as const;
const HEADINGS = ['id', 'label', 'url'];

async function read(text: string): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const row of recordsIn([Buffer.from(text)], dialectOf(text))) rows.push(row);
  return rows;
}

type Convention = 'none' | 'needed' | 'all';

function write(rows: readonly string[][], convention: Convention, separator: string): string {
  const cellOf = (cell: string): string => {
    const isNeeded = cell.includes(separator) || /["\n]/.test(cell);
    if (convention === 'none' || (convention === 'needed' && !isNeeded)) return cell;
    return `"${cell.replaceAll('"', '""')}"`;
  };
  return rows.map((row) => `${row.map(cellOf).join(separator)}\n`).join('');
}

test('a label that begins with a quotation mark takes no other row with it', async () => {
  const rows = [1, 2, 3, 4, 5, 6, 7].map((id) => [
    String(id),
    id === 1 || id === 5 ? '"Winter sale' : 'Summer sale',
    'https://x.test/',
  ]);
  expect(await read(write([HEADINGS, ...rows], 'none', '\t'))).toEqual([HEADINGS, ...rows]);
});

test.each([
  [
    'a cell alone',
    'id,label\n1,"Doe, J."\n2,Roe\n',
    [
      ['1', 'Doe, J.'],
      ['2', 'Roe'],
    ],
  ],
  [
    'a mark inside',
    'id,label\n1,5" pipe\n2,6" pipe\n',
    [
      ['1', '5" pipe'],
      ['2', '6" pipe'],
    ],
  ],
  [
    'an empty one',
    'id,label\n1,""\n2,x\n',
    [
      ['1', ''],
      ['2', 'x'],
    ],
  ],
  [
    'one over two lines',
    'id,label\n1,"a\nb"\n2,x\n',
    [
      ['1', 'a\nb'],
      ['2', 'x'],
    ],
  ],
  [
    'one that is never closed, in the last row',
    'id,label\n1,x\n2,"y\n',
    [
      ['1', 'x'],
      ['2', '"y'],
    ],
  ],
])('quotation marks that only cells have: %s', async (_, text, rows) => {
  expect(await read(text)).toEqual([['id', 'label'], ...rows]);
});

test('where headings are quoted, a cell may hold whole lines', async () => {
  const rows = [HEADINGS, ['1', 'a\n2,b,c\n\nd', 'x']];
  expect(await read(write(rows, 'all', ','))).toEqual(rows);
  const single = "'id';'label'\n'1';'a;b'\n";
  expect(await read(single)).toEqual([
    ['id', 'label'],
    ['1', 'a;b'],
  ]);
});

/** What a cell may hold, with the marks that files are made of more often than by chance. */
const cell = (also: readonly string[]) =>
  fc
    .array(fc.constantFrom('a', 'B', ' ', 'é', '"', '""', ...also), { maxLength: 6 })
    .map((parts) => parts.join(''));
const isWhollyQuoted = (text: string): boolean => /^"(?:[^"]|"")*"$/.test(text);

test.each(['none', 'needed', 'all'] as const)(
  'rows that are written with quotes %s come back as they were',
  async (convention) => {
    const files = fc.constantFrom(...SEPARATORS).chain((separator) => {
      const also =
        convention === 'none' ? [] : convention === 'needed' ? [separator] : [separator, '\n'];
      // Without quotes, nobody can tell a cell in quotation marks from a quoted one.
      const text = cell(also).filter((one) => convention !== 'none' || !isWhollyQuoted(one));
      const rows = fc.array(fc.tuple(fc.nat().map(String), text, text), { maxLength: 8 });
      return fc.record({ separator: fc.constant(separator), rows });
    });
    await fc.assert(
      fc.asyncProperty(files, async ({ separator, rows }) => {
        const whole = [HEADINGS, ...rows];
        expect(await read(write(whole, convention, separator))).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  },
);

test('a cell with line breaks comes back where only such cells are quoted', async () => {
  const text = cell(['\n', '\n']);
  const file = fc.array(fc.tuple(fc.nat().map(String), text, text), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(file, async (rows) => {
      const whole = [HEADINGS, ...rows];
      expect(await read(write(whole, 'needed', '\t'))).toEqual(whole);
    }),
    { numRuns: 500 },
  );
});
