import createClient from 'openapi-fetch';
import { ApiProblem, ServerUnreachable } from './errors.ts';
import type { paths } from './generated/schema.ts';
import type { Problem } from './types.ts';

/** Fetch, with "no answer came" as an error of its own. */
async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (cause) {
    throw new ServerUnreachable({ cause });
  }
}

/** The API of the server that this page came from, typed by its own OpenAPI document. */
export const client = createClient<paths>({ baseUrl: window.location.origin, fetch: reach });

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'detail' in value && 'status' in value;

/**
 * The body of a success.
 * Throws  ApiProblem with what the server said, also where something between us and it answered.
 */
export function bodyOf<Body>(answer: {
  data?: Body;
  error?: unknown;
  response: Response;
}): Exclude<Body, undefined> {
  const { data, error, response } = answer;
  if (response.ok) return data as Exclude<Body, undefined>;
  if (isProblem(error)) throw new ApiProblem(error);
  throw new ApiProblem({
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    detail: `HTTP ${response.status} ${response.statusText}`.trim(),
  });
}
