import { expect, test } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { sendJson, startServer } from '@landbridge/testing/tiny-server';
import {
  createDynamicsClient,
  DataverseRequestError,
  DynamicsUnreachable,
  ForeignLinkRefused,
} from '../src/index.ts';
import { CONTACT, errorOf, ID, page, printed, startStandIn } from './stand-in.ts';

const first = { table: CONTACT, columns: ['emailaddress1'], link: null, pageRowsMax: 2 };
const tracked = { ...first, trackChanges: true };

test('a refusal tells the wait, the request id and the cost, and nothing personal', async () => {
  await using world = await startStandIn((_, response) =>
    sendJson(
      response,
      { error: { code: '0x80072322', message: 'Too many for ada@example.com' } },
      { status: 429, headers: { 'retry-after': '30', 'x-ms-service-request-id': 'r1' } },
    ),
  );
  const row = { table: CONTACT, columns: ['emailaddress1'], id: ID };
  const error = await errorOf(world.client.row(row));
  expect(error).toBeInstanceOf(DataverseRequestError);
  expect(error).toMatchObject({
    kind: 'throttled',
    status: 429,
    retryAfterMs: 30_000,
    requestId: 'r1',
    calls: 1,
    vendorText: 'Too many for ada@example.com',
    message: 'Dataverse answered 429 (0x80072322) to GET contacts({id})',
  });
  expect(printed(error)).not.toContain('ada@');
  expect(printed(error)).not.toContain(ID);
});

test.each([
  ['cut off in JSON', '{"value":[{"contactid":"', 'unreadable'],
  ['a web page', '<html>ada@example.com</html>', 'unreadable'],
  ['of another shape', '{"values":[]}', 'unreadable'],
])('an answer %s is no answer', async (_, body, reason) => {
  await using world = await startStandIn((_seen, response) => sendJson(response, body));
  const error = await errorOf(world.client.readPage(tracked));
  expect(error).toBeInstanceOf(DynamicsUnreachable);
  expect(error).toMatchObject({ reason, calls: 1 });
  expect(printed(error)).not.toContain('ada@');
});

test('an answer that breaks off half-way is no answer', async () => {
  await using world = await startStandIn((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"value":[');
    setImmediate(() => response.destroy());
  });
  const error = await errorOf(world.client.readPage(tracked));
  expect(error).toMatchObject({ name: 'DynamicsUnreachable', reason: 'broken', calls: 1 });
});

test('a connection that is dropped before the answer is no answer', async () => {
  await using world = await startStandIn((_, response) => response.destroy());
  const error = await errorOf(world.client.whoAmI());
  expect(error).toMatchObject({ name: 'DynamicsUnreachable', reason: 'broken', calls: 1 });
});

test('an environment that is not there costs nothing', async () => {
  const gone = await startServer(() => undefined);
  const { origin } = gone;
  await gone[Symbol.asyncDispose]();
  const connection = { url: origin, tenantId: 't', clientId: 'c', clientSecret: 's' };
  await using client = createDynamicsClient({ connection: { ...connection, authority: origin } });
  expect(await errorOf(client.whoAmI())).toMatchObject({
    name: 'DynamicsUnreachable',
    reason: 'connect',
    calls: 0,
  });
});

test.each([
  ['begins', { headersTimeoutMs: 200 }, false],
  ['goes on', { bodyTimeoutMs: 200 }, true],
])('an answer that never %s runs out of time', async (_, limits, begin) => {
  await using world = await startStandIn((_seen, response) => {
    if (begin) response.writeHead(200).write('{');
  }, limits);
  const error = await errorOf(world.client.readPage(tracked));
  expect(error).toMatchObject({ name: 'DynamicsUnreachable', reason: 'timeout' });
});

test('an abort ends the wait at once, with its own reason', async () => {
  const arrived = Promise.withResolvers<undefined>();
  await using world = await startStandIn(() => {
    arrived.resolve(undefined);
  });
  const stop = new AbortController();
  const asked = world.client.whoAmI({ signal: stop.signal });
  const failed = errorOf(asked);
  await arrived.promise;
  stop.abort(new Error('stopping'));
  expect(await failed).toMatchObject({ message: 'stopping' });
  expect(await errorOf(world.client.whoAmI({ signal: stop.signal }))).toMatchObject({
    message: 'stopping',
  });
});

test('a redirect is not followed, least of all with the token', async () => {
  await using elsewhere = await startServer((_, response) => sendJson(response, page([])));
  await using world = await startStandIn((_, response) =>
    response.writeHead(302, { location: `${elsewhere.origin}/api/data/v9.2/contacts` }).end(),
  );
  const error = await errorOf(world.client.readPage(tracked));
  expect(error).toMatchObject({ status: 302, kind: 'transient' });
  expect(elsewhere.seen).toEqual([]);
});

test('a link to another host is refused before anything is sent', async () => {
  await using elsewhere = await startServer((_, response) => sendJson(response, page([])));
  await using world = await startStandIn((_, response) => sendJson(response, page([])));
  const link = `${elsewhere.origin}/api/data/v9.2/contacts?$deltatoken=1`;
  const error = await errorOf(world.client.readPage({ ...tracked, link }));
  expect(error).toBeInstanceOf(ForeignLinkRefused);
  expect([...elsewhere.seen, ...world.server.seen]).toEqual([]);
});

test('every request passes the gate, which sees the refusal; tokens pass it by', async () => {
  const passed: string[] = [];
  await using world = await startStandIn(
    (_, response) => sendJson(response, { error: { code: '', message: '' } }, { status: 503 }),
    {
      gate: async (call) => {
        try {
          return await call();
        } catch (error) {
          passed.push((error as Error).name);
          throw error;
        }
      },
    },
  );
  await errorOf(world.client.whoAmI());
  expect(passed).toEqual(['DataverseRequestError']);
});

test('no more sockets are opened than allowed', async () => {
  const open = { now: 0, most: 0 };
  await using world = await startStandIn(
    (_, response) => {
      open.now += 1;
      open.most = Math.max(open.most, open.now);
      void wait(5).then(() => {
        open.now -= 1;
        sendJson(response, { UserId: 'u', OrganizationId: 'o', BusinessUnitId: 'b' });
      });
    },
    { connectionsMax: 3 },
  );
  await Promise.all(Array.from({ length: 30 }, () => world.client.whoAmI()));
  expect(open.most).toBe(3);
});

test('log lines name the request by its shape alone', async () => {
  const lines: string[] = [];
  const write = (fields: object, message: string) => {
    lines.push(JSON.stringify({ ...fields, message }));
  };
  await using world = await startStandIn((_, response) => sendJson(response, { contactid: ID }), {
    log: { debug: write, warn: write },
  });
  await world.client.row({ table: CONTACT, columns: ['emailaddress1'], id: ID });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ path: 'contacts({id})', status: 200 });
  expect(lines.join()).not.toContain(ID);
});

test('closing lets what is in flight finish', async () => {
  const arrived = Promise.withResolvers<() => void>();
  await using world = await startStandIn((_, response) => {
    arrived.resolve(() => sendJson(response, { contactid: ID }));
  });
  const asked = world.client.row({ table: CONTACT, columns: [], id: ID });
  const finish = await arrived.promise;
  const closed = world.client.close();
  finish();
  expect((await asked).value?.id).toBe(ID);
  await closed;
});
