import { type InstanceId, OptinDecision, type OptinRun } from '@landbridge/contracts';
import type { Bus } from './bus.ts';
import { DECISIONS } from './streams.ts';
import { decisionFilter, decisionSubject } from './subjects.ts';

const WORKFLOW: OptinRun['workflow'] = 'optin';
const ACK_TIMEOUT_MS = 10_000;

/**
 * Keeps a decision for whoever asks why. Told twice with the same `decidedAt`, it is kept once.
 * Throws  JetStream's refusals: then what led to the decision must stay queued.
 */
export async function keepDecision(bus: Bus, decision: OptinDecision): Promise<void> {
  const { instance, contactId, attribute, decidedAt } = decision;
  const at = { workflow: WORKFLOW, instance };
  await bus.js.publish(decisionSubject(at, contactId, attribute), JSON.stringify(decision), {
    msgID: `${instance}/${contactId}/${attribute}/${decidedAt}`,
    timeout: ACK_TIMEOUT_MS,
  });
}

/** The decisions about one contact that are still kept, the newest first; of one opt-out or all. */
export async function readDecisions(
  bus: Bus,
  instance: InstanceId,
  of: { contactId: string; attribute?: OptinDecision['attribute'] },
): Promise<OptinDecision[]> {
  const at = { workflow: WORKFLOW, instance };
  const next_by_subj = decisionFilter(at, of.contactId.toLowerCase(), of.attribute ?? null);
  const found: OptinDecision[] = [];
  for (let seq = 1; ;) {
    const stored = await bus.jsm.direct.getMessage(DECISIONS.name, { seq, next_by_subj });
    if (stored === null) return found.toReversed();
    // What a later version kept stays there for it.
    const decision = OptinDecision.safeParse(stored.json());
    if (decision.success) found.push(decision.data);
    seq = stored.seq + 1;
  }
}
