import { expect, test } from '@jest/globals';
import type { HttpReply } from '@landbridge/vendor-http';
import { refusalOf, saysPathUnknown } from '../src/refusal.ts';

const NOW_MS = Date.UTC(2026, 2, 1, 12, 0, 0);
const APOLOGY = 'An error has occurred - please contact your administrator.';
const ABSENT = `RST-360011 ${APOLOGY} Unable to find document with path 'Service' from key 'x:0' (document with schema 'nms:service' and name 'x') (rc=-2003)`;
const BAD_PKEY = `RST-360000 ${APOLOGY} XTK-170036 Unable to parse expression '@id = @x'.`;
const DUPLICATE = `RST-360000 A document with the same key (externalId) already exists. PGS-220000 PostgreSQL error: ERROR: duplicate key value violates unique constraint "x"`;
const OTHER_KEY = "RST-360012 Inconsistent operation: cannot update key 'A' to 'B'";
const READ_ONLY = "XTK-170006 Cannot update the 'age' property that is read-only";
const BAD_ENUM = "XTK-170006 The value 'x' of the 'gender' enumeration is unknown";
const BAD_VALUE = "The value of the 'birthDate' property is not valid";
const OOPS = 'Oops. Something went wrong. Check your URI and try again.';

function reply(status: number, text: string, headers: Record<string, string> = {}): HttpReply {
  return { status, text, header: (name) => headers[name] ?? null };
}

/** Every family in which Campaign's application may speak. */
const families: [string, (text: string, status: number) => string][] = [
  ['plain text', (text) => text],
  ['a JSON string', (text) => JSON.stringify(text)],
  ['a JSON object', (message, status) => JSON.stringify({ error_code: String(status), message })],
];

for (const [family, written] of families) {
  test.each([
    [404, ABSENT, 'notFound', 'RST-360011', null],
    [500, BAD_PKEY, 'rejected', 'XTK-170036', null],
    [404, BAD_PKEY, 'transient', 'XTK-170036', null],
    [500, DUPLICATE, 'duplicateKey', 'PGS-220000', null],
    [409, DUPLICATE, 'duplicateKey', 'PGS-220000', null],
    [500, OTHER_KEY, 'rejected', 'RST-360012', null],
    [500, READ_ONLY, 'rejected', 'XTK-170006', 'age'],
    [500, BAD_ENUM, 'rejected', 'XTK-170006', 'gender'],
    [500, BAD_VALUE, 'rejected', '', 'birthDate'],
    [500, 'RST-360000 The database is restarting', 'transient', 'RST-360000', null],
    [503, 'Being upgraded', 'transient', '', null],
    [400, 'Unreadable body', 'rejected', '', null],
    [405, 'No', 'rejected', '', null],
    [412, 'No', 'rejected', '', null],
  ])(`as ${family}, %i "%s" is %s`, (status, text, kind, code, field) => {
    const body = written(text, status);
    expect(refusalOf(reply(status, body), NOW_MS)).toMatchObject({
      status,
      kind,
      code,
      field,
      vendorText: body,
    });
  });
}

test.each([
  [401, { error_code: '401013', message: 'Oauth token is not valid' }, 'credentials', '401013'],
  [403, { error_code: '403023', message: 'Profile is not valid' }, 'forbidden', '403023'],
  [429, { error_code: '429050', message: 'Too many requests' }, 'throttled', '429050'],
  [500, { error_code: '429050', message: 'Too many requests' }, 'throttled', '429050'],
  [500, { code: 500, message: OOPS }, 'transient', ''],
  [502, { code: 502, message: OOPS }, 'transient', ''],
])('the gateway saying %i %j is %s', (status, body, kind, code) => {
  expect(refusalOf(reply(status, JSON.stringify(body)), NOW_MS)).toMatchObject({ kind, code });
});

test.each([
  [401, 'credentials'],
  [403, 'forbidden'],
  [404, 'transient'],
  [408, 'transient'],
  [413, 'rejected'],
  [429, 'throttled'],
  [500, 'transient'],
  [502, 'transient'],
  [503, 'transient'],
  [504, 'transient'],
  [302, 'transient'],
])('%i without a word, or with a web page, is %s', (status, kind) => {
  for (const body of ['', `<html><body><h1>${status}</h1></body></html>`]) {
    expect(refusalOf(reply(status, body), NOW_MS)).toMatchObject({ kind, code: '', field: null });
  }
});

test('Retry-After and the request id are kept', () => {
  const headers = { 'retry-after': 'Sun, 01 Mar 2026 12:00:09 GMT', 'x-request-id': 'r1' };
  expect(refusalOf(reply(429, '', headers), NOW_MS)).toMatchObject({
    retryAfterMs: 9_000,
    requestId: 'r1',
  });
});

test('a quoted value is not taken for a field', () => {
  const text = "The value 'Ada O Brien' is not valid for property 'ada@example.com'";
  expect(refusalOf(reply(500, text), NOW_MS).field).toBeNull();
});

test.each([
  [404, ABSENT, false],
  [500, BAD_PKEY, true],
  [500, JSON.stringify(BAD_PKEY), true],
  [500, JSON.stringify({ code: 500, message: OOPS }), true],
  [502, JSON.stringify({ code: 502, message: OOPS }), true],
  [404, 'Nothing here', true],
  [500, 'RST-360000 The database is restarting', false],
  [503, '<html>', false],
  [429, '', false],
])('%i "%s": the URI form is unknown: %s', (status, text, unknown) => {
  expect(saysPathUnknown(refusalOf(reply(status, text), NOW_MS))).toBe(unknown);
});
