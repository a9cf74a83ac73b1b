import { fieldOf } from '@landbridge/campaign';
import { VERIFICATION_PAGE_ROWS } from '@landbridge/contracts';
import { columnsOf } from '@landbridge/mapping';
import type { Candidates } from './candidates.ts';
import type { Pace } from './pace.ts';
import { type PassRecord, PassRecords } from './pass-records.ts';
import type { Tally } from './tally.ts';
import type { VerifyingDeps } from './verifying-deps.ts';

export type Pass = {
  share: { index: number; count: number };
  tally: Tally;
  pace: Pace;
  candidates: Candidates;
  /** Called after every page: tells how far it is, and throws when it is called off. */
  onPage: () => Promise<void>;
  signal: AbortSignal;
};

/**
 * Compares one share of the table: Dynamics and the written memory say what should be there, then
 * Campaign's pages are checked against it. Holds that share in memory, and nothing else.
 * Shape   `tooLarge`: the share is larger than it may be; nothing was compared.
 */
export async function comparePass(deps: VerifyingDeps, pass: Pass): Promise<'done' | 'tooLarge'> {
  const records = new PassRecords(deps, pass.share);
  if (!(await listDynamics(records, deps, pass))) return 'tooLarge';
  await records.addWritten(pass.signal);
  await checkCampaign(records, deps, pass);
  for (const { kind, id, version } of records.rest()) {
    if (kind !== 'expected') continue;
    pass.tally.count('comparedCount');
    await pass.candidates.add({ id, version, key: null }, pass.signal);
  }
  await pass.candidates.flush(pass.signal);
  return 'done';
}

/** False: more records than one pass may hold. */
async function listDynamics(
  records: PassRecords,
  deps: VerifyingDeps,
  { tally, pace, onPage, signal }: Pass,
): Promise<boolean> {
  let link: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof deps.dynamics.readPage>>['value'] = await tally.take(
      'dynamics',
      deps.dynamics.readPage({
        table: deps.metadata().table,
        columns: columnsOf(deps.mapping),
        link,
        pageRowsMax: VERIFICATION_PAGE_ROWS.dynamics,
        trackChanges: false,
        signal,
      }),
    );
    for (const row of page.rows) records.addRow(row, tally);
    if (records.size > deps.passRecordsMax * 2) return false;
    await onPage();
    await pace.take(page.rows.length, signal);
    link = page.nextLink;
  } while (link !== null);
  return true;
}

async function checkCampaign(
  records: PassRecords,
  deps: VerifyingDeps,
  { tally, pace, candidates, onPage, signal }: Pass,
): Promise<void> {
  const { resource, keyField } = deps.place;
  let link: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof deps.campaign.page>>['value'] = await tally.take(
      'campaign',
      deps.campaign.page(
        resource,
        { link, lineCount: VERIFICATION_PAGE_ROWS.campaign },
        { signal },
      ),
    );
    for (const { fields } of page.records) {
      const key = textOf(fieldOf(fields, keyField));
      const record = records.take(key);
      if (record === undefined) continue;
      if (record.kind === 'expected') tally.count('comparedCount');
      const digest = () => records.digestOf((name) => fieldOf(fields, name));
      if (isSuspect(record, deps, digest)) {
        await candidates.add({ id: record.id, version: record.version, key }, signal);
      }
    }
    await onPage();
    await pace.take(page.records.length, signal);
    link = page.next;
  } while (link !== null);
}

/** A key is a text or a number; what else there is belongs to nobody. */
const textOf = (key: unknown): string =>
  typeof key === 'string' || typeof key === 'number' ? String(key) : '';

function isSuspect(record: PassRecord, { mapping }: VerifyingDeps, digest: () => bigint): boolean {
  switch (record.kind) {
    case 'expected':
      return record.digests?.includes(digest()) !== true;
    case 'leftOut':
      return mapping.deleteFilteredOut;
    case 'ours':
      return true;
  }
}
