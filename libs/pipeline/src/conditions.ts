import { ConditionType } from '@landbridge/contracts';

/** A condition that begins or ends to be worth telling. `message` is null when it ends. */
export interface ConditionChange {
  condition: ConditionType;
  message: string | null;
}

export interface ConditionsOptions {
  onChange: (change: ConditionChange) => void;
  /** Trouble that passes sooner than this is nobody's business. */
  raiseAfterMs?: number;
  /** This long without trouble, and with a success since, it is over. */
  clearAfterMs?: number;
  now?: () => number;
}

interface Watched {
  firstTroubleMs: number;
  lastTroubleMs: number;
  lastSuccessMs: number;
  message: string;
  raised: boolean;
}

const RAISE_AFTER_MS = 1_000;
const CLEAR_AFTER_MS = 5_000;

/**
 * Turns single troubles and successes into conditions that do not flicker: one is raised when
 * trouble lasts, and cleared only by a success with a quiet while after the last trouble.
 * `origin` keeps apart who says so: a success of the reader does not end the writer's trouble.
 */
export class Conditions {
  readonly #onChange: (change: ConditionChange) => void;
  readonly #raiseAfterMs: number;
  readonly #clearAfterMs: number;
  readonly #now: () => number;
  readonly #watched = new Map<string, Watched>();
  readonly #raised = new Set<ConditionType>();
  readonly #told = new Map<ConditionType, string>();

  constructor(options: ConditionsOptions) {
    this.#onChange = options.onChange;
    this.#raiseAfterMs = options.raiseAfterMs ?? RAISE_AFTER_MS;
    this.#clearAfterMs = options.clearAfterMs ?? CLEAR_AFTER_MS;
    this.#now = options.now ?? (() => performance.now());
  }

  trouble(condition: ConditionType, origin: string, message: string): void {
    const key = `${condition}/${origin}`;
    const now = this.#now();
    const known = this.#watched.get(key);
    if (known === undefined) {
      const never = Number.NEGATIVE_INFINITY;
      const first = { firstTroubleMs: now, lastTroubleMs: now, lastSuccessMs: never };
      this.#watched.set(key, { ...first, message, raised: false });
    } else {
      known.lastTroubleMs = now;
      known.message = message;
    }
    this.look();
  }

  success(origin: string): void {
    for (const [key, watched] of this.#watched) {
      if (key.endsWith(`/${origin}`)) watched.lastSuccessMs = this.#now();
    }
  }

  /** Raised and cleared at once, where there is proof and no need to wait. */
  set(condition: ConditionType, message: string | null): void {
    if (message === null) this.#tellCleared(condition);
    else this.#tellRaised(condition, message);
  }

  /** Raised at once; raised already, its new message is told. */
  tell(condition: ConditionType, message: string): void {
    if (this.#told.get(condition) === message && this.#raised.has(condition)) return;
    this.#raised.add(condition);
    this.#told.set(condition, message);
    this.#onChange({ condition, message });
  }

  /** Raises and clears what time has made due. Call it every now and then. */
  look(): void {
    const now = this.#now();
    for (const [key, watched] of this.#watched) {
      const quietMs = now - watched.lastTroubleMs;
      const better = watched.lastSuccessMs > watched.lastTroubleMs;
      if (better && quietMs >= this.#clearAfterMs) this.#forget(key);
      else if (!watched.raised && !better && now - watched.firstTroubleMs >= this.#raiseAfterMs) {
        watched.raised = true;
        this.#tellRaised(conditionOf(key), watched.message);
      }
    }
  }

  #forget(key: string): void {
    this.#watched.delete(key);
    const condition = conditionOf(key);
    const stillBad = [...this.#watched].some(
      ([other, { raised }]) => raised && conditionOf(other) === condition,
    );
    if (!stillBad) this.#tellCleared(condition);
  }

  #tellRaised(condition: ConditionType, message: string): void {
    if (this.#raised.has(condition)) return;
    this.#raised.add(condition);
    this.#onChange({ condition, message });
  }

  #tellCleared(condition: ConditionType): void {
    if (this.#raised.delete(condition)) this.#onChange({ condition, message: null });
  }
}

const conditionOf = (key: string): ConditionType =>
  ConditionType.parse(key.slice(0, key.indexOf('/')));
