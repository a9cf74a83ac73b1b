import { expect, test } from '@jest/globals';
import type { HttpReply } from '@landbridge/vendor-http';
import { refusalOf, saysCursorLost, saysRowAbsent, saysTrackingOff } from '../src/refusal.ts';

const NOW_MS = Date.UTC(2026, 2, 1, 12, 0, 0);

function reply(status: number, text: string, headers: Record<string, string> = {}): HttpReply {
  return { status, text, header: (name) => headers[name] ?? null };
}

function odata(status: number, code: string, message = 'Something.') {
  return reply(status, JSON.stringify({ error: { code, message } }));
}

test.each([
  [400, '0x80060888', 'rejected'],
  [400, '0x0', 'rejected'],
  [400, '0x80048d19', 'rejected'],
  [400, '0x80044331', 'rejected'],
  [400, '0x8004431A', 'rejected'],
  [400, '0x80044330', 'rejected'],
  [400, '0x8004432f', 'rejected'],
  [400, '0x80040203', 'rejected'],
  [400, '0x80040216', 'rejected'],
  [400, '0x80040265', 'rejected'],
  [400, '0x80072491', 'rejected'],
  [400, '0x80044352', 'rejected'],
  [400, '0x80072494', 'transient'],
  [401, '', 'unauthorized'],
  [403, '0x80072560', 'forbidden'],
  [403, '0x80040220', 'forbidden'],
  [403, '0x80048306', 'forbidden'],
  [403, '0x80048405', 'forbidden'],
  [404, '0x8006088a', 'rejected'],
  [404, '0x80040217', 'notFound'],
  [404, '0x80060891', 'notFound'],
  [404, '', 'notFound'],
  [405, '0x80040216', 'rejected'],
  [408, '', 'transient'],
  [412, '0x80060882', 'rejected'],
  [412, '0x80040237', 'rejected'],
  [412, '0x80040333', 'rejected'],
  [413, '', 'rejected'],
  [429, '0x80072322', 'throttled'],
  [429, '0x80072321', 'throttled'],
  [429, '0x80072326', 'throttled'],
  [429, '', 'throttled'],
  [503, '-2147015902', 'throttled'],
  [500, '0x80040216', 'transient'],
  [500, '0x80044150', 'transient'],
  [400, '-2147204783', 'transient'],
  [400, '-2147204784', 'transient'],
  [501, '', 'rejected'],
  [502, '', 'transient'],
  [503, '0x8004A001', 'transient'],
  [504, '', 'transient'],
  [302, '', 'transient'],
])('%i with code "%s" is %s', (status, code, kind) => {
  expect(refusalOf(odata(status, code), NOW_MS).kind).toBe(kind);
});

test.each([
  [401, '', 'unauthorized'],
  [403, '<html>no</html>', 'forbidden'],
  [404, '<html>Not here</html>', 'transient'],
  [404, '', 'transient'],
  [429, '', 'throttled'],
  [500, '<html>', 'transient'],
  [503, '<html>busy</html>', 'transient'],
  [413, '', 'rejected'],
])('%i with a body that is not of Dataverse is %s', (status, text, _kind) => {
  expect(refusalOf(reply(status, text), NOW_MS)).toMatchObject({
    kind: _kind,
    code: '',
    vendorText: text,
  });
});

test('codes come in one form', () => {
  const code = (text: string) => refusalOf(odata(400, text), NOW_MS).code;
  expect(code('0x8004431A')).toBe('0x8004431a');
  expect(code('-2147204270')).toBe('0x80044352');
  expect(code('0x0')).toBe('');
});

test('the column that a refusal names is its logical name', () => {
  const column = (message: string) => refusalOf(odata(400, '0x80060888', message), NOW_MS).column;
  const type = "on type 'Microsoft.Dynamics.CRM.contact'.";
  expect(column(`Could not find a property named 'jobtitle' ${type}`)).toBe('jobtitle');
  expect(column(`Could not find a property named '_ownerid_value' ${type}`)).toBe('ownerid');
  expect(column("An undeclared property 'new_x' which only has property annotations")).toBe(
    'new_x',
  );
  expect(column("The value 'Ada Lovelace' is not valid")).toBeNull();
});

test('Retry-After and the request id are kept', () => {
  const headers = { 'retry-after': '37', 'x-ms-service-request-id': 'abc' };
  expect(refusalOf(reply(429, '', headers), NOW_MS)).toMatchObject({
    retryAfterMs: 37_000,
    requestId: 'abc',
  });
  expect(refusalOf(reply(500, '', { req_id: 'old' }), NOW_MS).requestId).toBe('old');
});

test.each([
  [400, '0x80044352', 'Version stamp associated with the client has expired.', true],
  [400, '-2147204270', 'x', true],
  [400, '0x80044183', 'Invalid version stamp', true],
  [404, '', 'Version stamp associated with the client has expired.', true],
  [400, '0x80060888', 'Invalid value for deltatoken', true],
  [410, '0x0', 'gone', true],
  [400, '0x80060888', "Could not find a property named 'x'", false],
  [500, '0x80044352', 'Version stamp', false],
  [403, '0x80040220', 'deltatoken', false],
])('a link refused with %i %s "%s" is lost: %s', (status, code, message, lost) => {
  expect(saysCursorLost(refusalOf(odata(status, code, message), NOW_MS))).toBe(lost);
});

test('tracking that is off is known by code or by words, not by a refused option', () => {
  const off = (code: string, message: string) =>
    saysTrackingOff(refusalOf(odata(400, code, message), NOW_MS));
  expect(off('0x80072491', 'x')).toBe(true);
  expect(off('0x80072492', 'x')).toBe(true);
  expect(off('0x80060888', "Entity contact isn't enabled for change tracking.")).toBe(true);
  const option = `The "$filter" query parameter isn't supported when Change Tracking is enabled.`;
  expect(off('0x80060888', option)).toBe(false);
});

test('a row is absent only when Dataverse says so', () => {
  const absent = (answer: HttpReply) => saysRowAbsent(refusalOf(answer, NOW_MS));
  expect(absent(odata(404, '0x80040217'))).toBe(true);
  expect(absent(odata(404, '0x80060891'))).toBe(true);
  expect(absent(odata(404, '0x8006088a'))).toBe(false);
  expect(absent(odata(404, ''))).toBe(false);
  expect(absent(reply(404, '<html>'))).toBe(false);
});
