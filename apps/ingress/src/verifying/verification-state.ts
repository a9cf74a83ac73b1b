import { VerificationFigures } from '@landbridge/contracts';
import { z } from 'zod';

/**
 * How far a verification is: whole passes. A pass lives in one process's memory, and is begun again
 * by whoever takes over from a process that died in it.
 */
export const VerificationState = z.object({
  schemaVersion: z.literal(1),
  verificationId: z.uuid(),
  /** As of the end of the last whole pass. */
  figures: VerificationFigures,
});
export type VerificationState = z.infer<typeof VerificationState>;

/** null: not a state of this version. */
export function parseState(state: unknown): VerificationState | null {
  const parsed = VerificationState.safeParse(state);
  return parsed.success ? parsed.data : null;
}
