import type { Problem } from './types.ts';

/** The server answered that it will not do it; `problem` is its own explanation. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.problem = problem;
  }
}

/** No answer came: the server is down, or the network is. */
export class ServerUnreachable extends Error {
  override readonly name = 'ServerUnreachable';
  constructor(options?: ErrorOptions) {
    super('The server cannot be reached', options);
  }
}

/** The HTTP status of a refusal; null for every other error. */
export function statusOf(error: unknown): number | null {
  return error instanceof ApiProblem ? error.problem.status : null;
}
