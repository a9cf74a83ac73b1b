import { expect, test } from '@jest/globals';
import { sendJson, startServer } from '@landbridge/testing/tiny-server';
import { CampaignRequestError, CampaignUnreachable, createCampaignClient } from '../src/index.ts';
import { errorOf, printed, PROFILE, SECRET, startStandIn } from './stand-in.ts';

const record = { PKey: '@p', href: 'x', email: 'ada@example.com' };
const KEY = 'ada@example.com';

test('fifty callers share one token, asked for as IMS wants it', async () => {
  await using world = await startStandIn((_, response) => sendJson(response, record));
  await Promise.all(Array.from({ length: 50 }, () => world.client.getByKey(PROFILE, KEY)));
  const [token, ...others] = world.server.seenOf('/ims/');
  expect(others).toEqual([]);
  expect(token).toMatchObject({ method: 'POST', url: '/ims/token/v3' });
  expect(Object.fromEntries(new URLSearchParams(token?.body))).toEqual({
    grant_type: 'client_credentials',
    client_id: 'app',
    client_secret: SECRET,
    scope: 'openid,campaign_sdk',
  });
  expect(world.asked()[0]?.headers).toMatchObject({
    authorization: 'Bearer t1',
    'x-api-key': 'app',
    'cache-control': 'no-cache',
    'content-type': 'application/json',
  });
});

test('a refused token is renewed once for all, and the repeat counts', async () => {
  await using world = await startStandIn((_, response) => sendJson(response, record));
  await world.client.getByKey(PROFILE, KEY);
  world.refuse(1);
  const again = Array.from({ length: 10 }, () => world.client.getByKey(PROFILE, KEY));
  const replies = await Promise.all(again);
  expect(world.tokens.minted).toBe(2);
  expect(new Set(replies.map(({ calls }) => calls))).toEqual(new Set([2]));
});

test('a new token that is refused as well ends in refused credentials', async () => {
  await using world = await startStandIn(() => undefined);
  world.refuse(1_000);
  const error = await errorOf(world.client.getByKey(PROFILE, KEY));
  expect(error).toMatchObject({ kind: 'credentials', code: '401013', calls: 2 });
  expect(world.tokens.minted).toBe(2);
});

test('IMS refusing the client is a matter for a person', async () => {
  await using world = await startStandIn(() => undefined, {
    ims: (_, response) =>
      sendJson(response, { error: 'invalid_client', x: SECRET }, { status: 400 }),
  });
  const error = await errorOf(world.client.ping());
  expect(error).toMatchObject({ kind: 'credentials', code: 'invalid_client', calls: 0 });
  expect(printed(error)).not.toContain(SECRET);
});

test.each([
  [429, { error: 'throttled' }],
  [503, '<html>'],
  [200, '<html>portal</html>'],
])('IMS that cannot say (%i) is waited for', async (status, body) => {
  await using world = await startStandIn(() => undefined, {
    ims: (_, response) => sendJson(response, body, { status, headers: { 'retry-after': '5' } }),
  });
  const error = await errorOf(world.client.ping());
  expect(error).toMatchObject({ reason: 'token', retryAfterMs: 5_000, calls: 0 });
});

test('a refusal tells the wait, the request id and the cost, and nothing personal', async () => {
  await using world = await startStandIn((_, response) =>
    sendJson(response, `RST-360000 ${KEY} is not valid in property 'email'`, {
      status: 500,
      headers: { 'retry-after': '3', 'x-request-id': 'r1' },
    }),
  );
  const error = await errorOf(world.client.patchByKey(PROFILE, KEY, { email: KEY }));
  expect(error).toBeInstanceOf(CampaignRequestError);
  expect(error).toMatchObject({
    kind: 'rejected',
    field: 'email',
    retryAfterMs: 3_000,
    requestId: 'r1',
    calls: 1,
    message: 'Campaign answered 500 (RST-360000) to PATCH profileAndServicesExt/profile/{key}',
  });
  expect((error as CampaignRequestError).vendorText).toContain(KEY);
  expect(printed(error)).not.toContain('ada@');
});

test.each([
  ['cut off in JSON', '{"PKey":"@p","email":"ada@'],
  ['a web page', '<html>ada@example.com</html>'],
  ['of another shape', '[1]'],
])('an answer %s is no answer', async (_, body) => {
  await using world = await startStandIn((_seen, response) => sendJson(response, body));
  const error = await errorOf(world.client.getByKey(PROFILE, KEY));
  expect(error).toBeInstanceOf(CampaignUnreachable);
  expect(error).toMatchObject({ reason: 'unreadable', calls: 1 });
  expect(printed(error)).not.toContain('ada@');
});

test('a dropped connection is no answer, and whether it was applied is not known', async () => {
  await using world = await startStandIn((_, response) => response.destroy());
  for (const write of [
    world.client.insert(PROFILE, { email: KEY }),
    world.client.patchByKey(PROFILE, KEY, { email: KEY }),
  ]) {
    expect(await errorOf(write)).toMatchObject({ reason: 'broken', calls: 1 });
  }
});

test('a body that breaks off after "created" takes nothing back', async () => {
  await using world = await startStandIn((_, response) => {
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"PKey":"');
    setImmediate(() => response.destroy());
  });
  expect(await world.client.insert(PROFILE, { email: KEY })).toEqual({
    value: { href: null, pkey: null, fields: {} },
    calls: 1,
  });
});

test('a body that breaks off in a read is no answer', async () => {
  await using world = await startStandIn((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"content":[');
    setImmediate(() => response.destroy());
  });
  const page = world.client.page(PROFILE, { link: null, lineCount: 2 });
  expect(await errorOf(page)).toMatchObject({ reason: 'broken' });
});

test('a web page with success does not pass for a write', async () => {
  await using world = await startStandIn((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html>portal</html>');
  });
  for (const write of [
    world.client.insert(PROFILE, { email: KEY }),
    world.client.patchByKey(PROFILE, KEY, { email: KEY }),
    world.client.deleteByKey(PROFILE, KEY),
  ]) {
    expect(await errorOf(write)).toMatchObject({ reason: 'unreadable' });
  }
});

test('an instance that is not there costs nothing', async () => {
  const gone = await startServer(() => undefined);
  await using ims = await startServer((_, response) =>
    sendJson(response, { access_token: 't', expires_in: 100 }),
  );
  const { origin: url } = gone;
  await gone[Symbol.asyncDispose]();
  const secrets = { organizationId: 'o', clientId: 'c', clientSecret: 's', scopes: ['x'] };
  await using client = createCampaignClient({
    connection: { url, ...secrets, imsUrl: ims.origin },
  });
  expect(await errorOf(client.ping())).toMatchObject({ reason: 'connect', calls: 0 });
});

test('an answer that never begins runs out of time', async () => {
  await using world = await startStandIn(() => undefined, { headersTimeoutMs: 200 });
  expect(await errorOf(world.client.ping())).toMatchObject({ reason: 'timeout', calls: 1 });
});

test('an abort ends the wait at once, with its own reason', async () => {
  const arrived = Promise.withResolvers<undefined>();
  await using world = await startStandIn(() => {
    arrived.resolve(undefined);
  });
  const stop = new AbortController();
  const failed = errorOf(world.client.ping({ signal: stop.signal }));
  await arrived.promise;
  stop.abort(new Error('stopping'));
  expect(await failed).toMatchObject({ message: 'stopping' });
});

test('neither a redirect nor a link nor an href takes the token elsewhere', async () => {
  await using elsewhere = await startServer((_, response) => sendJson(response, record));
  await using world = await startStandIn((_, response) =>
    response.writeHead(307, { location: elsewhere.origin }).end(),
  );
  expect(await errorOf(world.client.ping())).toMatchObject({ status: 307, kind: 'transient' });
  const link = `${elsewhere.origin}/acme/campaign/profileAndServicesExt/profile/@p`;
  for (const call of [
    world.client.page(PROFILE, { link, lineCount: 5 }),
    world.client.patchHref(link, { email: KEY }),
    world.client.deleteHref(link),
  ]) {
    expect(await errorOf(call)).toMatchObject({ name: 'ForeignLinkRefused', calls: 0 });
  }
  expect(elsewhere.seen).toEqual([]);
});

test('log lines name the request by its shape alone, and every request passes the gate', async () => {
  const lines: string[] = [];
  const write = (fields: object, message: string) => {
    lines.push(JSON.stringify({ ...fields, message }));
  };
  let passed = 0;
  await using world = await startStandIn((_, response) => sendJson(response, record), {
    log: { debug: write, warn: write },
    gate: (call) => {
      passed += 1;
      return call();
    },
  });
  await world.client.getByKey(PROFILE, KEY);
  await world.client
    .findByFilter(PROFILE, { filter: 'byX', parameter: 'x', value: KEY })
    .catch(() => null);
  expect(passed).toBe(2);
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toContain('ada@');
});
