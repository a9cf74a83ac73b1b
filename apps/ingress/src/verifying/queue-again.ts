import { requestRetry } from '@landbridge/messaging';
import { staleEntry } from '../writing/remembered.ts';
import type { VerifyingDeps } from './verifying-deps.ts';

/**
 * Has a record read again at its source and written whatever the memory says; one that is gone at
 * the source comes as a delete. Doing it twice costs calls and nothing else.
 */
export async function queueAgain(
  id: string,
  { bus, at, memory }: Pick<VerifyingDeps, 'bus' | 'at' | 'memory'>,
): Promise<void> {
  const entry = await memory.get(id);
  if (entry !== null) await memory.put(id, staleEntry(entry, false));
  await requestRetry(bus, at, { key: id, deadLetterId: null });
}
