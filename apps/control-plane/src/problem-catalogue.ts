/** One kind of problem: what `docs/problems.md` explains under the same name. */
export interface ProblemEntry {
  status: number;
  title: string;
  /** What the caller can do about it, for people. */
  remedy: string;
}

/** Every kind of problem that the API answers with; its `type` is `/problems/<name>`. */
export const catalogue = {
  'invalid-request': {
    status: 400,
    title: 'The request is not valid',
    remedy: 'Mend the fields that `errors` names; each pointer leads into the named part.',
  },
  'unreadable-body': {
    status: 400,
    title: 'The body cannot be read',
    remedy: 'Send well-formed JSON in UTF-8.',
  },
  'unreadable-request': {
    status: 400,
    title: 'The request cannot be read',
    remedy: 'Send well-formed HTTP/1.1.',
  },
  'not-authenticated': {
    status: 401,
    title: 'Sign in first',
    remedy:
      'Send `Authorization: Bearer <token>`, or open a sign-in link in the browser. The token is in the file `admin-token` of the data folder.',
  },
  'not-permitted': {
    status: 403,
    title: 'Your role does not allow this',
    remedy: 'Ask an administrator of the instance for the role that `detail` names.',
  },
  'foreign-origin': {
    status: 403,
    title: 'The request came from another site',
    remedy:
      'Changes by session cookie are taken from this server’s own pages only. Scripts use a bearer token.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such thing',
    remedy: 'Check the ids in the path; `GET /api/v1/instances` lists what there is.',
  },
  'no-such-route': {
    status: 404,
    title: 'There is no such route',
    remedy: 'See `/openapi.json` for the routes of this version.',
  },
  'console-not-built': {
    status: 404,
    title: 'The console is not built',
    remedy: 'Build it (`npx nx build console`), or use the API, which works without it.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The route does not know this method',
    remedy: 'Use one of the methods in the `Allow` header.',
  },
  'request-too-slow': {
    status: 408,
    title: 'The request did not arrive in time',
    remedy: 'Send it again, at once and whole.',
  },
  'command-refused': {
    status: 409,
    title: 'A rule forbids this now',
    remedy: 'Read `detail`; for start and stop, `actions` of the workflow says it beforehand.',
  },
  'connection-missing': {
    status: 409,
    title: 'The connection is not set',
    remedy: 'Set it with `PUT …/connections/{dynamics|campaign|sftp}` first.',
  },
  'guardrail-exceeded': {
    status: 409,
    title: 'A guardrail forbids this',
    remedy:
      '`detail` names the guardrail and its number; an administrator can raise it with `PUT …/settings`.',
  },
  'stale-revision': {
    status: 412,
    title: 'Somebody saved in between',
    remedy: 'Read the configuration again, join the edits, and save with the new ETag.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    remedy: 'Send at most 1 MiB.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body has another type than the route reads',
    remedy: 'Send `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.',
  },
  'configuration-invalid': {
    status: 422,
    title: 'The configuration does not fit the two systems',
    remedy: 'Mend each field that `errors` names; nothing was saved.',
  },
  'revision-required': {
    status: 428,
    title: 'Say which revision you edited',
    remedy: 'Send `If-Match` with the ETag that the configuration was read with.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The headers are too large',
    remedy: 'Send at most 16 KiB of headers, the cookies and the path among them.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong here',
    remedy: 'Try again; if it stays, look for the request’s id in the control plane’s log.',
  },
  'system-refused': {
    status: 502,
    title: 'The other system refused',
    remedy: '`POST …/connections/{name}/test` names what is missing and how to grant it.',
  },
  'shutting-down': {
    status: 503,
    title: 'The control plane is stopping',
    remedy: 'Send the request again in a moment.',
  },
  'temporarily-unavailable': {
    status: 503,
    title: 'The database or NATS does not answer',
    remedy:
      'Send the request again after `Retry-After`, a start or a stop with the same `Idempotency-Key`; `/readyz?verbose` names what is missing.',
  },
  'system-unreachable': {
    status: 504,
    title: 'The other system does not answer',
    remedy: 'Check its address and its state, then try again.',
  },
} as const satisfies Record<string, ProblemEntry>;

export type ProblemKind = keyof typeof catalogue;

/** Whether `name` is a kind of problem. */
export const isProblemKind = (name: string): name is ProblemKind => Object.hasOwn(catalogue, name);
