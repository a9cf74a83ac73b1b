import type { OptinDecision } from '@landbridge/contracts';
import type { DynamicsRow } from '@landbridge/dynamics';
import type { OptoutReading } from '@landbridge/mapping';
import { type Bus, keepDecision } from '@landbridge/messaging';
import { valueOf } from '../reading/dynamics.reader.ts';
import type { ContactMemory } from './contact-memory.ts';

/**
 * Writes were begun and their end was never heard of: a kill, a lost reply. Those that landed are
 * kept as decisions. The row's version is not called ours for it: somebody may have changed the
 * contact since, and only the answer to a write tells which version it made. So the row's own time
 * is compared, which at worst keeps an opt-out.
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
  return { ...known, begun: null };
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
