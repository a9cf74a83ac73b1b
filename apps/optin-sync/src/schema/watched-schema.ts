import type { RunFailure } from '@landbridge/contracts';
import { RunFailedError } from '@landbridge/pipeline';
import type { Log } from '@landbridge/telemetry';
import type { OptinSchema } from './optin-schema.ts';

/** The newest that is known of both systems, looked at again and again while the run lives. */
export class WatchedSchema {
  #newest: OptinSchema;
  readonly #look: () => Promise<OptinSchema>;

  constructor(started: OptinSchema, look: () => Promise<OptinSchema>) {
    this.#newest = started;
    this.#look = look;
  }

  get newest(): OptinSchema {
    return this.#newest;
  }

  /** Until `signal` aborts. What a person must mend is told once; a look that fails tells nothing. */
  async watch(
    options: {
      everyMs: number;
      log: Log;
      sleep: (ms: number, value: true, options: { signal: AbortSignal }) => Promise<true>;
      onFault: (failure: RunFailure) => void;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const passed = () => options.sleep(options.everyMs, true, { signal }).catch(() => false);
    while (await passed()) {
      try {
        this.#newest = await this.#look();
      } catch (err) {
        if (err instanceof RunFailedError) options.onFault(err.failure);
        else options.log.debug({ err }, 'the schema cannot be looked at now; looking again later');
      }
    }
  }
}
