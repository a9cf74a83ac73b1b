import type { CampaignRecord } from '@landbridge/campaign';
import type { OptinDecision } from '@landbridge/contracts';
import type { DynamicsRow } from '@landbridge/dynamics';
import type { OptoutReading } from '@landbridge/mapping';
import { readProfile, type SideCalls } from './both-sides.ts';
import type { WritingDeps } from './writing-deps.ts';

/** Both sides of a contact as they were read, and what was decided of them. */
export type Decided = {
  row: DynamicsRow;
  record: CampaignRecord;
  reading: OptoutReading;
  decisions: readonly OptinDecision[];
};

/** Both sides after the write; `moved`: somebody changed the contact meanwhile, so decide anew. */
export type CarriedOut =
  { outcome: 'done'; row: DynamicsRow; reading: OptoutReading } | { outcome: 'moved' };

/**
 * Writes what differs, on the side that loses, and reads what came of it. The row is changed only
 * where it is still the one that was decided on, so that nobody's change is overwritten unseen.
 */
export async function carryOut(
  decided: Decided,
  deps: WritingDeps,
  calls: SideCalls,
  signal: AbortSignal,
): Promise<CarriedOut> {
  const toCampaign = decided.decisions.filter(({ written }) => written === 'campaign');
  const toDynamics = decided.decisions.filter(({ written }) => written === 'dynamics');
  const reading =
    toCampaign.length === 0
      ? decided.reading
      : await writeProfile(decided, toCampaign, deps, calls, signal);
  if (reading === null) return { outcome: 'moved' };
  if (toDynamics.length === 0) return { outcome: 'done', row: decided.row, reading };
  const { table, optouts } = deps.schema();
  const written = await calls.take(
    'dynamics',
    deps.ends.dynamics.changeRow({
      table,
      columns: optouts.map(({ column }) => column),
      id: decided.row.id,
      version: decided.row.version ?? '',
      values: Object.fromEntries(toDynamics.map(({ column, value }) => [column, value])),
      signal,
    }),
  );
  return written.outcome === 'changed'
    ? { outcome: 'done', row: written.row, reading }
    : { outcome: 'moved' };
}

/** null: the profile is not there any more. */
async function writeProfile(
  { record, row }: Decided,
  decisions: readonly OptinDecision[],
  deps: WritingDeps,
  calls: SideCalls,
  signal: AbortSignal,
): Promise<OptoutReading | null> {
  const { campaign } = deps.ends;
  const { resource, optouts } = deps.schema();
  const fields = new Map(optouts.map(({ name, field }) => [name, field]));
  const body = Object.fromEntries(
    decisions.map(({ attribute, value }) => [fields.get(attribute) ?? attribute, value]),
  );
  await calls.take(
    'campaign',
    record.href === null
      ? campaign.patchByKey(resource, row.id, body, { signal })
      : campaign.patchHref(record.href, body, { signal }),
  );
  // Its times move with the write: known, they are not taken for somebody's change.
  const profile = await readProfile(row.id, deps, calls, signal);
  return profile.found === 'yes' ? profile.reading : null;
}
