import {
  type Difference,
  VERIFICATION_SAMPLES_MAX,
  type VerificationFigures,
} from '@landbridge/contracts';

/** The figures of a verification while they grow. */
export class Tally {
  #figures: VerificationFigures;

  constructor(figures: VerificationFigures) {
    this.#figures = structuredClone(figures);
  }

  get figures(): VerificationFigures {
    return structuredClone(this.#figures);
  }

  count(
    name: 'comparedCount' | 'pending' | 'unmappable' | 'leftOut' | 'queuedAgain',
    by = 1,
  ): void {
    this.#figures[name] += by;
  }

  differs(difference: Difference): void {
    const figures = this.#figures;
    figures[difference.kind] += 1;
    if (difference.kind === 'different') {
      for (const field of difference.fields) {
        figures.byField[field] = (figures.byField[field] ?? 0) + 1;
      }
    }
    if (figures.samples.length < VERIFICATION_SAMPLES_MAX) figures.samples.push(difference);
  }

  /** Gives the value, and counts what it cost. */
  async take<Value>(
    system: 'dynamics' | 'campaign',
    reply: Promise<{ value: Value; calls: number }>,
  ): Promise<Value> {
    const { value, calls } = await reply;
    this.#figures.calls[system] += calls;
    return value;
  }
}
