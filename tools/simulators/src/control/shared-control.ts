import { z } from 'zod';
import type { Front } from '../http/front.ts';
import type { TokenMint } from '../tokens/token-mint.ts';
import type { CallLog } from './call-log.ts';
import { CallQuery, type CallQueryInput } from './call.schema.ts';
import type { FaultBook } from './fault-book.ts';
import { FaultRule, Latency, type FaultRuleInput } from './fault.schema.ts';

export type Parts = { faults: FaultBook; log: CallLog; mint: TokenMint; front: () => Front };

/** The methods that both simulators have. */
export function sharedControl({ faults, log, mint, front }: Parts) {
  return {
    addFault: (rule: FaultRuleInput) => faults.add(rule),
    removeFault: (id: string) => faults.remove(id),
    clearFaults: () => faults.clear(),
    faults: () => faults.list(),
    setLatency: (latency: Latency) => faults.setLatency(latency),
    expireAccessTokens: () => mint.expireAll(),
    goAway: () => front().shut(),
    comeBack: () => front().open(),
    calls: (query?: CallQueryInput) => log.calls(query),
    callCounts: () => log.counts(),
    resetCalls: () => log.reset(),
  };
}

/** The parameters of those methods, as they may come over HTTP. */
export const SHARED_PARAMETERS = {
  addFault: z.tuple([FaultRule]),
  removeFault: z.tuple([z.string()]),
  clearFaults: z.tuple([]),
  faults: z.tuple([]),
  setLatency: z.tuple([Latency]),
  expireAccessTokens: z.tuple([]),
  goAway: z.tuple([]),
  comeBack: z.tuple([]),
  calls: z.tuple([CallQuery.optional()]),
  callCounts: z.tuple([]),
  resetCalls: z.tuple([]),
};
