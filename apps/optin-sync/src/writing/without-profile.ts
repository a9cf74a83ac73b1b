import type { DynamicsRow } from '@landbridge/dynamics';
import { LookAgain, type WriteContext, type WriteOutcome } from '@landbridge/pipeline';
import { valueOf } from '../reading/dynamics.reader.ts';
import { type ContactMemory, remember } from './contact-memory.ts';
import type { WritingDeps } from './writing-deps.ts';

/** Ingress may write the profile while this is decided; one that is not there then is awaited. */
const LOOKS_MAX = 5;
const LOOK_AGAIN_MS = 100;

/**
 * A contact without a profile. One that has opted out is remembered, so that it is looked at when
 * ingress makes the profile; all others have nothing to lose.
 */
export async function awaitProfile(
  row: DynamicsRow,
  known: ContactMemory,
  deps: Pick<WritingDeps, 'direction' | 'schema' | 'memory' | 'isWritten'>,
  { attempt }: Pick<WriteContext, 'attempt'>,
): Promise<WriteOutcome> {
  const { direction, schema, memory, isWritten } = deps;
  const isOut = schema().optouts.some(({ column }) => valueOf(row, column) === true);
  if (!isOut || direction !== 'bidirectional') return { kind: 'skipped', reason: 'notInCampaign' };
  await remember(memory, row.id, { ...known, awaitsProfile: true });
  // Asked only now: whoever was first, ingress or this, one of them sees the other.
  if (attempt <= LOOKS_MAX && (await isWritten(row.id))) {
    const cause = new LookAgain('The profile was made while the contact was looked at');
    return { kind: 'retryAfter', delayMs: LOOK_AGAIN_MS, cause };
  }
  return { kind: 'skipped', reason: 'awaitsProfile' };
}
