import type { OptinDecision } from '@landbridge/contracts';
import type { DynamicsRow } from '@landbridge/dynamics';
import type { OptoutReading } from '@landbridge/mapping';
import { type Bus, keepDecision } from '@landbridge/messaging';
import { valueOf } from '../reading/dynamics.reader.ts';
import type { ContactMemory } from './contact-memory.ts';

/**
 * Writes were begun and their end was never heard of: a kill, a lost reply. Those that landed are
 * ours, so that they are neither told as somebody's change nor forgotten as decisions.
 */
export async function settleBegun(
  known: ContactMemory,
  row: DynamicsRow,
  reading: OptoutReading,
  bus: Bus,
): Promise<ContactMemory> {
  const { begun } = known;
  if (begun === null) return known;
  const landed = begun.decisions.filter((one) => hasLanded(one, begun.version, row, reading));
  for (const decision of landed) await keepDecision(bus, decision);
  const isOurs = landed.some(({ written }) => written === 'dynamics') && row.version !== null;
  const own = isOurs ? { version: row.version ?? '', before: begun.before } : known.own;
  return { ...known, own, begun: null };
}

function hasLanded(
  { written, column, attribute, value }: OptinDecision,
  version: string,
  row: DynamicsRow,
  { attributes }: OptoutReading,
): boolean {
  if (written === 'campaign') return attributes[attribute]?.value === value;
  return row.version !== version && valueOf(row, column) === value;
}
