/** Remembers answers for a while, and asks once for all who ask at the same time. */
export interface BriefMemory<Value> {
  /** `fresh`: ask again even when an answer is remembered. A failure is never remembered. */
  recall(key: string, fresh: boolean, ask: () => Promise<Value>): Promise<Value>;
}

interface Kept<Value> {
  readAt: number;
  value: Promise<Value>;
}

/** Answers live for `lifeMs`; what is older goes when something new comes. */
export function openBriefMemory<Value>(lifeMs: number, now: () => number): BriefMemory<Value> {
  const kept = new Map<string, Kept<Value>>();
  const isOld = ({ readAt }: Kept<Value>) => now() - readAt >= lifeMs;
  return {
    recall: (key, fresh, ask) => {
      const known = kept.get(key);
      if (known !== undefined && !fresh && !isOld(known)) return known.value;
      for (const [other, answer] of kept) if (isOld(answer)) kept.delete(other);
      const answer = { readAt: now(), value: ask() };
      kept.set(key, answer);
      answer.value.catch(() => {
        if (kept.get(key) === answer) kept.delete(key);
      });
      return answer.value;
    },
  };
}
