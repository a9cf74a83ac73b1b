import {
  TableName,
  VerificationFigures,
  VerificationForecast,
  VerificationPhase,
} from '@landbridge/contracts';
import { z } from 'zod';

const head = { verificationId: z.uuid(), table: TableName };

/**
 * What happened to the verifications of one workflow, on `verifications-<instance>-<workflow>`.
 * Shape   keys and names of fields, never values; figures are whole, never a difference.
 */
export const VerificationEvent = z.discriminatedUnion('type', [
  /** The instance was removed and registered anew, so there was none yet. */
  z.object({ type: z.literal('VerificationsForgotten') }),
  z.object({
    type: z.literal('VerificationRequested'),
    ...head,
    rate: z.int().nullable(),
    repair: z.boolean(),
    forecast: VerificationForecast,
  }),
  z.object({
    type: z.literal('VerificationProgressed'),
    ...head,
    phase: VerificationPhase,
    message: z.string().nullable(),
    figures: VerificationFigures,
  }),
  z.object({
    type: z.literal('VerificationEnded'),
    ...head,
    phase: VerificationPhase,
    message: z.string().nullable(),
    figures: VerificationFigures,
  }),
  z.object({ type: z.literal('VerificationCancelled'), ...head }),
  z.object({ type: z.literal('RepairRequested'), ...head }),
]);
export type VerificationEvent = z.infer<typeof VerificationEvent>;
