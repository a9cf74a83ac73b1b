import { Problem, WorkflowView } from '@landbridge/contracts';

/** The control plane answered with a problem; `problem` is its body where it could be read. */
export class ApiRefused extends Error {
  override readonly name = 'ApiRefused';
  readonly status: number;
  readonly problem: Problem | null;
  constructor(method: string, path: string, status: number, problem: Problem | null) {
    const faults = problem?.errors?.map(({ pointer, message }) => ` ${pointer} ${message}.`) ?? [];
    const told = problem === null ? '' : `: ${problem.detail}${faults.join('')}`;
    super(`${method} ${path} answered ${status}${told}`);
    this.status = status;
    this.problem = problem;
  }
}

/** The control plane's API with the administrator's token. */
export interface Api {
  readonly url: string;
  request(
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    options?: { body?: unknown; headers?: Record<string, string> },
  ): Promise<{ status: number; headers: Headers; body: unknown }>;
  workflow(instance: string, workflow: string): Promise<WorkflowView>;
}

/** `path`s begin with `/`; those of the API proper are given from `/instances` on. Throws  ApiRefused. */
export function connectApi(url: string, token: string): Api {
  const request: Api['request'] = async (method, path, options = {}) => {
    const reply = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await reply.text();
    const body: unknown = text === '' ? null : JSON.parse(text);
    if (reply.ok) return { status: reply.status, headers: reply.headers, body };
    const problem = Problem.safeParse(body);
    throw new ApiRefused(method, path, reply.status, problem.success ? problem.data : null);
  };
  return {
    url,
    request,
    workflow: async (instance, workflow) =>
      WorkflowView.parse(
        (await request('GET', `/instances/${instance}/workflows/${workflow}`)).body,
      ),
  };
}
