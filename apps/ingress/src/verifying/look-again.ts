import { fieldOf, recordByKey } from '@landbridge/campaign';
import type { Difference } from '@landbridge/contracts';
import type { DynamicsRow } from '@landbridge/dynamics';
import {
  columnsOf,
  differingFields,
  filterVerdict,
  linkValues,
  mapRecord,
} from '@landbridge/mapping';
import { edgesOfChild, findDelete, searchQueue, type WrittenEntry } from '@landbridge/messaging';
import { isHidden } from '../linking/standing.ts';
import type { Tally } from './tally.ts';
import type { VerifyingDeps } from './verifying-deps.ts';
import { writtenKey } from './written-key.ts';

/**
 * A record that seemed to differ.
 * Shape   `version`: of the row when it was listed. `key`: under which Campaign showed it; null: it did not.
 */
export type Candidate = { id: string; key: string | null; version: string | null };

/** What a second look at both sides found. */
export type SecondLook = Difference | 'inStep' | 'pending' | 'unmappable';

/** A row that changed so lately may be on its way from Dynamics to the queue. */
const ON_ITS_WAY_MS = 30_000;
const QUEUE_SEARCH = { countMax: 5_000, msMax: 2_000 };

/** Reads both sides of each candidate anew; what is queued or changing is no difference. */
export async function lookAgain(
  candidates: readonly Candidate[],
  deps: VerifyingDeps,
  tally: Tally,
  signal: AbortSignal,
): Promise<SecondLook[]> {
  const { table } = deps.metadata();
  const selection = { table, columns: columnsOf(deps.mapping), signal };
  const ids = candidates.map(({ id }) => id);
  const listed = await tally.take('dynamics', deps.dynamics.rowsByIds({ ...selection, ids }));
  const rows = new Map(listed.map((row) => [row.id, row]));
  return Promise.all(
    candidates.map(async (candidate) => {
      const row =
        rows.get(candidate.id.toLowerCase()) ??
        (await tally.take('dynamics', deps.dynamics.row({ ...selection, id: candidate.id })));
      return lookAtOne(candidate, row, deps, tally, signal);
    }),
  );
}

async function lookAtOne(
  candidate: Candidate,
  row: DynamicsRow | null,
  deps: VerifyingDeps,
  tally: Tally,
  signal: AbortSignal,
): Promise<SecondLook> {
  const { bus, at, memory } = deps;
  const [entry, queue, edges] = await Promise.all([
    memory.get(candidate.id),
    searchQueue(bus, at, candidate.id, QUEUE_SEARCH),
    edgesOfChild(bus, at, candidate.id),
  ]);
  // What waits in hiding to be deleted is left over as soon as Campaign shows it.
  const waits = edges.waiting.some(({ state }) => state !== 'leaving');
  const isUnderWay = queue.messages.length > 0 || !queue.searchedAll || waits;
  if (isUnderWay) return 'pending';
  const found = await compare(candidate, row, entry, deps, tally, signal);
  const isDifference = typeof found === 'object';
  return isDifference && row !== null && isOnItsWay(row, candidate, entry) ? 'pending' : found;
}

function isOnItsWay(
  { version, modifiedOn }: DynamicsRow,
  candidate: Candidate,
  entry: WrittenEntry | null,
): boolean {
  if (candidate.version !== null && version !== candidate.version) return true;
  if (modifiedOn === null || (entry !== null && entry.version === version)) return false;
  return Date.now() - Date.parse(modifiedOn) < ON_ITS_WAY_MS;
}

async function compare(
  { id, key }: Candidate,
  row: DynamicsRow | null,
  entry: WrittenEntry | null,
  deps: VerifyingDeps,
  tally: Tally,
  signal: AbortSignal,
): Promise<SecondLook> {
  const { mapping, campaign, place, clearing } = deps;
  const metadata = deps.metadata();
  const inCampaign = (at: string) =>
    tally.take('campaign', recordByKey(campaign, place, at, { signal }));
  const isOurs = entry !== null && (entry.hash !== null || isHidden(entry));
  const leftOver = async (): Promise<SecondLook> => {
    const at = key ?? writtenKey(id, entry);
    if (!isOurs || (await inCampaign(at)).found === 'no') return 'inStep';
    const deletion = await findDelete(deps.bus, deps.at, id);
    // A person has decided that it stays, or has yet to decide.
    if (deletion !== null) return deletion.state === 'discarded' ? 'inStep' : 'pending';
    return { kind: 'leftOver', id, key: at, fields: [] };
  };
  if (row === null) return mapping.applyDeletes ? leftOver() : 'inStep';
  const verdict = filterVerdict(mapping.filter, row.columns, metadata.table);
  if (verdict === 'unreadable') return 'unmappable';
  if (verdict === 'fails') {
    return mapping.deleteFilteredOut ? leftOver() : 'inStep';
  }
  const mapped = mapRecord(row.columns, mapping, metadata, { clearing });
  const links = linkValues(row, mapping, metadata, { clearing });
  if (!mapped.ok || links.kind === 'refused') return 'unmappable';
  const followed = { ...mapped.followed, ...(links.kind === 'linked' ? links.values : {}) };
  const found = await inCampaign(mapped.key);
  if (found.found === 'no') {
    const fields = Object.keys({ ...followed, ...mapped.onInsert });
    return { kind: 'missing', id, key: mapped.key, fields };
  }
  if (found.found === 'several') {
    return { kind: 'different', id, key: mapped.key, fields: [mapped.keyField] };
  }
  const held = (name: string) => fieldOf(found.record.fields, name);
  const fields = differingFields(followed, held, metadata.resource);
  return fields.length === 0 ? 'inStep' : { kind: 'different', id, key: mapped.key, fields };
}
