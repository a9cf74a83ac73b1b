import type { DefaultOptions } from '@tanstack/react-query';
import { ApiProblem } from './errors.ts';

const RETRIES_MAX = 3;

/** Asks again when no answer came or the server stumbled; what it refused it will refuse again. */
export const queryDefaults: DefaultOptions = {
  queries: {
    retry: (failures, error) =>
      failures < RETRIES_MAX && !(error instanceof ApiProblem && error.problem.status < 500),
    retryDelay: (failures) => Math.min(500 * 2 ** failures, 5_000),
    networkMode: 'always',
    staleTime: 5_000,
  },
  mutations: { networkMode: 'always', retry: false },
};
