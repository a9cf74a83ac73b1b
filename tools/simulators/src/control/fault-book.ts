import { Fault, FaultRule, type FaultRuleInput, type Latency } from './fault.schema.ts';
import { series } from './scatter.ts';

/** What a rule can be matched against, known before the call is applied. */
export type CallInSight = {
  method: string;
  target: string;
  call: string;
  key: string | null;
  body: string;
};

type Entry = { id: string; rule: FaultRule; matched: number; met: number };

const holds = (wanted: string | string[] | undefined, actual: string): boolean =>
  wanted === undefined || (Array.isArray(wanted) ? wanted.includes(actual) : wanted === actual);

const partOf = (wanted: string | undefined, actual: string | null): boolean =>
  wanted === undefined || (actual?.includes(wanted) ?? false);

/** The faults ordered, and the latency of everything. One per simulator. */
export class FaultBook {
  #entries: Entry[] = [];
  #next = 1;
  #latency: Latency;
  readonly #random: () => number;

  constructor(seed: number, latency: Latency) {
    this.#random = series(seed);
    this.#latency = latency;
  }

  add(input: FaultRuleInput): string {
    const id = `fault-${this.#next++}`;
    this.#entries.push({ id, rule: FaultRule.parse(input), matched: 0, met: 0 });
    return id;
  }

  remove(id: string): void {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }

  clear(): void {
    this.#entries = [];
  }

  list(): (FaultRule & { id: string; met: number })[] {
    return this.#entries.map(({ id, rule, met }) => ({ ...rule, id, met }));
  }

  setLatency(latency: Latency): void {
    this.#latency = latency;
  }

  /** The fault that this call meets; counts it. Latency rules let later rules be tried as well. */
  meet(call: CallInSight): { fault: Fault | null; latencyMs: number } {
    let latencyMs = this.#latency === 0 ? 0 : this.#draw(this.#latency);
    for (const entry of this.#entries) {
      if (!this.#applies(entry, call)) continue;
      entry.met++;
      if (entry.rule.fault.kind !== 'latency') return { fault: entry.rule.fault, latencyMs };
      latencyMs += this.#draw(entry.rule.fault.ms);
    }
    return { fault: null, latencyMs };
  }

  #applies(entry: Entry, call: CallInSight): boolean {
    const { rule } = entry;
    if (rule.times !== null && entry.met >= rule.times) return false;
    if (!holds(rule.method, call.method) || !holds(rule.call, call.call)) return false;
    if (!partOf(rule.path, call.target) || !partOf(rule.key, call.key)) return false;
    if (!partOf(rule.body, call.body)) return false;
    entry.matched++;
    if (entry.matched <= rule.after) return false;
    return rule.probability >= 1 || this.#random() < rule.probability;
  }

  #draw(latency: Latency): number {
    if (typeof latency === 'number') return latency;
    if ('minMs' in latency) {
      return latency.minMs + this.#random() * (latency.maxMs - latency.minMs);
    }
    const u = Math.max(this.#random(), 1e-9);
    const normal = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * this.#random());
    const sigma = Math.log(Math.max(latency.p95Ms / Math.max(latency.p50Ms, 0.01), 1)) / 1.645;
    return latency.p50Ms * Math.exp(sigma * normal);
  }
}
