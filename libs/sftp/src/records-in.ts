import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { looselyQuoted } from './loosely-quoted.ts';
import type { Dialect } from './sniff.ts';

const ROW_BYTES_MAX = 1_048_576;

/**
 * The cells of each line that is not empty, the headings' first. Where the headings are quoted, a
 * quoted cell may hold line breaks and anything else.
 * Throws  csv-parse's errors, and those of `text`.
 */
export async function* recordsIn(
  text: Iterable<Buffer> | AsyncIterable<Buffer>,
  { separator, quote }: Dialect,
): AsyncGenerator<string[]> {
  const parser = parse({
    ...{ delimiter: separator, quote, bom: true, relax_quotes: true },
    ...{ skip_empty_lines: quote !== null, relax_column_count: true },
    max_record_size: ROW_BYTES_MAX,
  });
  pipeline(Readable.from(text), parser, () => undefined);
  const records: AsyncIterable<string[]> = parser;
  yield* quote === null ? looselyQuoted(records, separator) : records;
}
