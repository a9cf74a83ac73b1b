import type { ConditionType, TableName } from '@landbridge/contracts';
import type { Pipeline, System } from './pipeline.ts';

/**
 * What readers and writers have to tell of the run beside their records. They are made before the
 * run is: until then it is kept, and told when somebody listens.
 */
export class RunVoice {
  #pipeline: Pipeline | null = null;
  readonly #early: ((pipeline: Pipeline) => void)[] = [];

  /** Calls that neither a read batch nor an outcome carries. */
  spend(table: TableName, system: System, calls: number): void {
    if (calls > 0) this.#tell((pipeline) => pipeline.spend(table, system, calls));
  }

  raise(condition: ConditionType, message: string): void {
    this.#tell((pipeline) => pipeline.raise(condition, message));
  }

  clear(condition: ConditionType): void {
    this.#tell((pipeline) => pipeline.clear(condition));
  }

  heardBy(pipeline: Pipeline): void {
    this.#pipeline = pipeline;
    for (const tell of this.#early.splice(0)) tell(pipeline);
  }

  #tell(tell: (pipeline: Pipeline) => void): void {
    if (this.#pipeline === null) this.#early.push(tell);
    else tell(this.#pipeline);
  }
}
