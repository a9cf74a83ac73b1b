import {
  contentHash,
  filterVerdict,
  mapRecord,
  type MappedFields,
  type SourceColumns,
} from '@landbridge/mapping';
import {
  contactMapping,
  contactMetadata,
  contactRows,
  TEN_CONDITIONS,
} from './mapping/contacts.ts';
import { type BenchLine, type BenchResult, printable } from './result.ts';

const RECORDS = 20_000;
const ROUNDS = 7;

/** What mapping and filtering cost per record, against a loop that copies the same fields. */
export async function benchMapping(): Promise<BenchResult> {
  const metadata = contactMetadata();
  const mapping = contactMapping(null);
  const rows = contactRows(RECORDS);
  const pairs = [mapping.key, ...mapping.fields];
  const copy = (row: SourceColumns) => {
    const fields: Record<string, unknown> = {};
    for (const { dynamics, campaign } of pairs) fields[campaign] = row[dynamics];
    return Object.keys(fields).length;
  };
  const works: Record<string, (row: SourceColumns) => unknown> = {
    'a bare loop that copies the same 12 fields': copy,
    'mapRecord, 12 fields': (row) => mapRecord(row, mapping, metadata),
    'filter of 10 conditions': (row) => filterVerdict(TEN_CONDITIONS, row, metadata.table),
    'mapRecord and its content’s hash': (row) => contentHash(followedOf(row)),
  };
  const followedOf = (row: SourceColumns): MappedFields => {
    const mapped = mapRecord(row, mapping, metadata);
    if (!mapped.ok) throw new Error(mapped.rejected.message);
    return mapped.followed;
  };
  const verdict = filterVerdict(TEN_CONDITIONS, rows[0] ?? {}, metadata.table);
  if (verdict !== 'passes') throw new Error('The bench measures records that pass the filter');
  const timings = measure(works, rows);
  const bareNs = timings.get('a bare loop that copies the same 12 fields') ?? Number.NaN;
  const lines = [...timings].map(([what, ns]): BenchLine => ({
    what,
    value: `${ns.toFixed(0)} ns a record, ${Math.round(1e9 / ns).toLocaleString('en')} records/s`,
    reference: `bare ${bareNs.toFixed(0)} ns`,
    ratio: bareNs / ns,
  }));
  return { title: `Mapping and filters, ${RECORDS} contacts, best of ${ROUNDS} rounds`, lines };
}

/** Nanoseconds a record. The rounds take turns, so that the machine's other work meets all alike. */
function measure(
  works: Readonly<Record<string, (row: SourceColumns) => unknown>>,
  rows: readonly SourceColumns[],
): Map<string, number> {
  const best = new Map<string, number>();
  let kept: unknown = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [what, work] of Object.entries(works)) {
      const began = process.hrtime.bigint();
      for (const row of rows) kept = work(row);
      const ns = Number(process.hrtime.bigint() - began) / rows.length;
      best.set(what, Math.min(best.get(what) ?? Number.POSITIVE_INFINITY, ns));
    }
  }
  if (kept === undefined) throw new Error('Nothing was measured');
  return best;
}

if (import.meta.main) process.stdout.write(`${printable(await benchMapping())}\n`);
