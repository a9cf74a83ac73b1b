import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Problem, type WorkflowView } from '@landbridge/contracts';
import { DatabaseUnavailable } from '@landbridge/event-log';
import { PublishFailed } from '@landbridge/messaging';
import { z } from 'zod';
import { fieldErrors, pointerTo } from '../src/invalid-request.ts';
import { catalogue } from '../src/problem-catalogue.ts';
import { BASE, DEMO, INGRESS, openAppWorld, type AppWorld } from './app-world.ts';

type Call = Parameters<AppWorld['call']>;
type Refused = [rule: string, call: Call, expected: Partial<Problem>];

const JSON_TYPE = { 'content-type': 'application/json' };

/** A filter that is 2,000 levels deep, as JSON. */
const ENDLESS = `${'{"all":['.repeat(2_000)}1${']}'.repeat(2_000)}`;

const REFUSALS: Refused[] = [
  [
    'an unknown route',
    ['GET', `${BASE}/nothing`],
    { status: 404, type: '/problems/no-such-route', detail: 'There is no /api/v1/nothing.' },
  ],
  [
    'an unknown instance',
    ['GET', `${BASE}/instances/none`],
    { status: 404, type: '/problems/not-found', detail: 'There is no instance none.' },
  ],
  [
    'an id that none can have',
    ['GET', `${BASE}/instances/Not_An_Id`],
    { status: 404, type: '/problems/not-found' },
  ],
  [
    'an unknown workflow',
    ['GET', `${DEMO}/workflows/sideways`],
    { status: 404, type: '/problems/not-found' },
  ],
  [
    'a workflow that does not exist',
    ['PUT', `${DEMO}/workflows/outgress/configuration`, { payload: {} }],
    { status: 404, type: '/problems/no-such-route' },
  ],
  [
    'what a later version brings',
    ['POST', `${INGRESS}/mappings/contact/rewind`],
    { status: 404, type: '/problems/no-such-route' },
  ],
  [
    'the test of a connection that is not set',
    ['POST', `${DEMO}/connections/sftp/test`],
    { status: 409, type: '/problems/connection-missing' },
  ],
  [
    'a method that the route does not know',
    ['PATCH', DEMO],
    { status: 405, detail: '/api/v1/instances/demo knows DELETE, GET, HEAD, PUT, not PATCH.' },
  ],
  [
    'a body that is not JSON',
    ['PUT', DEMO, { payload: '{"name":', headers: JSON_TYPE }],
    { status: 400, type: '/problems/unreadable-body' },
  ],
  [
    'a body that would change the prototype',
    ['PUT', DEMO, { payload: '{"__proto__":{"admin":true}}', headers: JSON_TYPE }],
    { status: 400, type: '/problems/unreadable-body' },
  ],
  [
    'a body of another type',
    ['PUT', DEMO, { payload: 'name: demo', headers: { 'content-type': 'application/yaml' } }],
    { status: 415, type: '/problems/unsupported-media-type' },
  ],
  [
    'a text instead of JSON',
    ['PUT', DEMO, { payload: 'demo', headers: { 'content-type': 'text/plain' } }],
    { status: 415, type: '/problems/unsupported-media-type' },
  ],
  [
    'a body that is too large',
    ['PUT', DEMO, { payload: { name: 'x'.repeat(1_100_000), production: false } }],
    { status: 413, type: '/problems/body-too-large' },
  ],
  [
    'a body in another encoding',
    [
      'PUT',
      DEMO,
      {
        payload: Buffer.from('{"name":"\xff\xfe","production":false}', 'latin1'),
        headers: JSON_TYPE,
      },
    ],
    { status: 400, type: '/problems/unreadable-body', detail: 'The body is not in UTF-8.' },
  ],
  [
    'a body that is said to be in another encoding',
    [
      'PUT',
      DEMO,
      { payload: '{}', headers: { 'content-type': 'application/json; charset=iso-8859-1' } },
    ],
    {
      status: 415,
      type: '/problems/unsupported-media-type',
      detail: 'The body must be sent in UTF-8, not in iso-8859-1.',
    },
  ],
  [
    'a body that is compressed',
    [
      'PUT',
      DEMO,
      { payload: gzipSync('{}'), headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } },
    ],
    {
      status: 415,
      type: '/problems/unsupported-media-type',
      detail: 'The body must be sent as it is, without Content-Encoding.',
    },
  ],
  [
    'an empty body where one is needed',
    ['PUT', DEMO, { payload: '', headers: JSON_TYPE }],
    { status: 400, errors: [{ pointer: '', message: 'is required' }] },
  ],
  [
    'no body where one is needed',
    ['PUT', DEMO],
    { status: 400, errors: [{ pointer: '', message: 'is required' }] },
  ],
  [
    'unknown and missing fields, each by name',
    ['PUT', DEMO, { payload: { name: 'Demo', colour: 'red', 'a/b': 1 } }],
    {
      status: 400,
      type: '/problems/invalid-request',
      errors: [
        { pointer: '/production', message: 'is required' },
        { pointer: '/colour', message: 'is not a known field' },
        { pointer: '/a~1b', message: 'is not a known field' },
      ],
    },
  ],
  [
    'a text with a character that no database takes',
    ['PUT', DEMO, { payload: { name: 'De\u0000mo', production: false } }],
    {
      status: 400,
      type: '/problems/invalid-request',
      errors: [{ pointer: '/name', message: 'must not contain the character U+0000' }],
    },
  ],
  [
    'a text with half a character',
    ['PUT', DEMO, { payload: '{"name":"\\ud800","production":false}', headers: JSON_TYPE }],
    {
      status: 400,
      errors: [{ pointer: '/name', message: 'must not contain half of a surrogate pair' }],
    },
  ],
  [
    'a note with such a character',
    ['DELETE', `${INGRESS}/dead-letters/1`, { payload: { note: 'a\u0000' } }],
    {
      status: 400,
      errors: [{ pointer: '/note', message: 'must not contain the character U+0000' }],
    },
  ],
  [
    'such a character in the query',
    ['GET', `${INGRESS}/dead-letters?table=%00`],
    {
      status: 400,
      errors: [{ pointer: '/table', message: 'must not contain the character U+0000' }],
    },
  ],
  [
    'such a character in an id',
    ['POST', `${INGRESS}/dead-letters/%00/retry`],
    { status: 404, type: '/problems/not-found' },
  ],
  [
    'such a character in the name of a field',
    ['PUT', DEMO, { payload: { name: 'Demo', production: false, 'a\u0000': 1 } }],
    {
      status: 400,
      errors: [{ pointer: '/a\u0000', message: 'must not contain the character U+0000' }],
    },
  ],
  [
    'fields where none are read',
    ['POST', `${INGRESS}/start`, { payload: { force: true } }],
    { status: 400, errors: [{ pointer: '/force', message: 'is not a known field' }] },
  ],
  [
    'an unknown query parameter',
    ['GET', `${INGRESS}/runs?size=3`],
    { status: 400, errors: [{ pointer: '/size', message: 'is not a known field' }] },
  ],
  ...(
    [
      ['GET', DEMO],
      ['GET', `${BASE}/session`],
      ['GET', `${INGRESS}/configuration`],
      ['POST', `${INGRESS}/start`],
      ['DELETE', `${INGRESS}/mappings/contact/replay`],
    ] as const
  ).map(([method, url]): Refused => [
    `a query on ${method} ${url}, which knows none,`,
    [method, `${url}?asOf=2026-11-24T16:00:00Z`],
    { status: 400, errors: [{ pointer: '/asOf', message: 'is not a known field' }] },
  ]),
  [
    'fields where a verification is called off',
    ['DELETE', `${INGRESS}/mappings/contact/verify`, { payload: { z: 1 } }],
    { status: 400, errors: [{ pointer: '/z', message: 'is not a known field' }] },
  ],
  [
    'fields where somebody signs out',
    ['DELETE', `${BASE}/session`, { payload: { a: 1 } }],
    { status: 400, errors: [{ pointer: '/a', message: 'is not a known field' }] },
  ],
  [
    'a cursor that no list handed out',
    ['GET', `${INGRESS}/runs?cursor=stolen`],
    {
      status: 400,
      errors: [{ pointer: '/cursor', message: 'is not a cursor that this list handed out' }],
    },
  ],
  [
    'a page that is too long',
    ['GET', `${INGRESS}/runs?limit=501`],
    { status: 400, type: '/problems/invalid-request' },
  ],
  [
    'a time that is none',
    ['GET', `${INGRESS}?asOf=yesterday`],
    { status: 400, type: '/problems/invalid-request' },
  ],
  [
    'a time before the first year',
    ['GET', `${INGRESS}?asOf=0000-01-01T00:00:00Z`],
    { status: 400, errors: [{ pointer: '/asOf', message: 'must be in the years 1 to 9999' }] },
  ],
  [
    'a time that is before it by its offset',
    ['GET', `${INGRESS}?asOf=0001-01-01T00:00:00%2B01:00`],
    { status: 400, errors: [{ pointer: '/asOf', message: 'must be in the years 1 to 9999' }] },
  ],
  [
    'a time after the last year by its offset',
    ['GET', `${INGRESS}?asOf=9999-12-31T23:59:59-01:00`],
    { status: 400, errors: [{ pointer: '/asOf', message: 'must be in the years 1 to 9999' }] },
  ],
  ...['0x10', '1e2', '+5', '5.0', ' 5', '', '-0'].map((limit): Refused => [
    `a page’s length of "${limit}"`,
    ['GET', `${INGRESS}/runs?limit=${encodeURIComponent(limit)}`],
    { status: 400, errors: [{ pointer: '/limit', message: 'must be decimal digits alone' }] },
  ]),
  [
    'a start that a rule forbids',
    ['POST', `${DEMO}/workflows/egress/start`],
    { status: 409, type: '/problems/command-refused', detail: 'Nothing is configured.' },
  ],
  [
    'a path that is not readable',
    ['GET', `${BASE}/instances/%E0%A4%A`],
    { status: 404, type: '/problems/no-such-route' },
  ],
];

let shared: AppWorld;
beforeAll(async () => {
  shared = await openAppWorld();
  await shared.connect();
});
afterAll(async () => shared[Symbol.asyncDispose]());

test.each(REFUSALS)('%s is told by problem details', async (_rule, call, expected) => {
  const answer = await shared.call(...call);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  const problem = Problem.strict().parse(answer.json());
  expect(problem).toMatchObject(expected);
  expect(answer.statusCode).toBe(problem.status);
  expect(problem.instance).toBe(`urn:uuid:${String(answer.headers['x-request-id'])}`);
});

test.each([
  ['PUT', `${INGRESS}/configuration`, `{"mappings":[{"filter":${ENDLESS}}]}`],
  ['POST', `${INGRESS}/mappings/contact/preview`, `{"mapping":{"filter":${ENDLESS}}}`],
  ['POST', `${INGRESS}/mappings/contact/replay`, `{"filter":${ENDLESS}}`],
] as const)('%s %s refuses a filter that nests without end', async (method, url, payload) => {
  const answer = await shared.call(method, url, { payload, headers: JSON_TYPE });
  const pointer: unknown = expect.stringMatching(/\/filter(\/all\/0)+/);
  expect(answer.json()).toMatchObject({
    type: '/problems/invalid-request',
    errors: [{ pointer, message: 'nests deeper than 32 levels' }],
  });
});

test('a body in UTF-8 is read, by whatever name it says so', async () => {
  const body = { name: 'Größe 号', production: false };
  for (const charset of ['', '; charset=utf-8', '; charset="UTF-8"', ';charset=utf8']) {
    const headers = { 'content-type': `application/json${charset}` };
    const answer = await shared.call('PUT', DEMO, { payload: JSON.stringify(body), headers });
    expect(answer.json()).toMatchObject(body);
  }
});

test('405 names the methods that there are', async () => {
  await using world = await openAppWorld();
  const answer = await world.call('PUT', `${INGRESS}/start`);
  expect(answer.statusCode).toBe(405);
  expect(answer.headers['allow']).toBe('POST');
});

test('an error that nobody foresaw is a 500 that tells nothing of the inside', async () => {
  await using world = await openAppWorld();
  await world.connect();
  world.fake.failWith(new Error('password=hunter2 at table events'));
  const answer = await world.call('GET', `${DEMO}/workflows`);
  expect(answer.statusCode).toBe(500);
  expect(answer.json()).toMatchObject({ type: '/problems/internal-error', status: 500 });
  expect(answer.body).not.toContain('hunter2');
});

test.each([
  ['the database', new DatabaseUnavailable(), 'The database does not answer just now.'],
  ['the bus', new PublishFailed('reports'), 'NATS does not answer just now.'],
])('%s being away is a 503 that says when to come again', async (_what, error, detail) => {
  await using world = await openAppWorld();
  await world.connect();
  world.fake.failWith(error);
  const answer = await world.call('GET', `${DEMO}/workflows`);
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBe('5');
  expect(answer.json()).toMatchObject({ type: '/problems/temporarily-unavailable', detail });
});

test('an answer that does not fit its schema does not leave', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const { workflows } = world.fake.controlPlane;
  const odd = JSON.parse('{"status":"ODD","secret":"x"}') as WorkflowView;
  workflows.list = async () => [odd];
  const answer = await world.call('GET', `${DEMO}/workflows`);
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('ODD');
});

test('of a union only the branch that was meant is found fault with', () => {
  const Leaf = z.strictObject({ column: z.string(), is: z.enum(['eq', 'ne']) });
  const Tree = z.union([z.strictObject({ all: z.array(Leaf) }), Leaf]);
  const faults = (data: unknown) =>
    fieldErrors(Tree.safeParse(data).error!.issues, data).map(({ pointer }) => pointer);
  expect(faults({ column: 'x', is: 'like' })).toEqual(['/is']);
  expect(faults({ all: [{ column: 'x', is: 'like', mode: 1 }] })).toEqual([
    '/all/0/is',
    '/all/0/mode',
  ]);
  expect(faults('text')).toEqual(['']);
});

test('where no branch of a union was begun, each that could be is named', () => {
  const Choice = z.union([
    z.strictObject({ ids: z.array(z.string()) }),
    z.strictObject({ column: z.string(), is: z.string() }),
  ]);
  const faults = (schema: z.ZodType, data: unknown) =>
    fieldErrors(schema.safeParse(data).error!.issues, data);
  const message = 'needs ids, or column and is';
  expect(faults(Choice, {})).toEqual([{ pointer: '', message }]);
  expect(faults(z.object({ choice: Choice }), { choice: {} })).toEqual([
    { pointer: '/choice', message },
  ]);
  expect(faults(Choice, { is: 'x' })).toEqual([{ pointer: '/column', message: 'is required' }]);
});

test('pointers escape what means something in them', () => {
  expect(pointerTo(['a/b', 'c~d', 0])).toBe('/a~1b/c~0d/0');
});

test('each problem is explained where its type leads, and in the docs', async () => {
  await using world = await openAppWorld();
  const page = await readFile(join(import.meta.dirname, '../../../docs/problems.md'), 'utf8');
  for (const [name, { status, title, remedy }] of Object.entries(catalogue)) {
    const answer = await world.app.inject(`/problems/${name}`);
    expect(answer.body).toContain(title);
    expect(page).toContain(`## ${name}\n\n${title} (${status}). ${remedy}\n`);
  }
  expect((await world.app.inject('/problems/unheard-of')).statusCode).toBe(404);
});
