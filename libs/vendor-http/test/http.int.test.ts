import { channel, type Channel } from 'node:diagnostics_channel';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { sendJson, startServer, type Answer } from '@landbridge/testing/tiny-server';
import { openHttp, type HttpLimits, type HttpRequest, type VendorRules } from '../src/index.ts';

const LIMITS = {
  connectionsMax: 2,
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 60_000,
  bodyTimeoutMs: 60_000,
};
const ASK: HttpRequest = { method: 'GET', path: '/rows/7?x=1', shown: '/rows/{id}', headers: {} };

class NobodyThere extends Error {
  override readonly name = 'NobodyThere';
}

const rules: VendorRules = {
  unreachable: ({ method, path }, reason, options) =>
    new NobodyThere(`${method} ${path}: ${reason}`, options),
};

async function startWorld(
  answer: Answer,
  given: { limits?: Partial<HttpLimits>; vendor?: Partial<VendorRules> } = {},
) {
  const server = await startServer(answer);
  const limits = { ...LIMITS, ...given.limits };
  const http = openHttp(server.origin, limits, { ...rules, ...given.vendor });
  return {
    server,
    http,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await http.close();
    },
  };
}

const breaksOff =
  (status: number): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-length': '1000' });
    response.write('{"a":');
    setImmediate(() => response.destroy());
  };

test('any status is an answer, and a redirect is not followed', async () => {
  await using elsewhere = await startServer((_, response) => sendJson(response, {}));
  await using world = await startWorld((_, response) => {
    sendJson(response, 'moved', { status: 307, headers: { location: elsewhere.origin } });
  });
  const reply = await world.http.send(ASK);
  expect([reply.status, reply.text]).toEqual([307, 'moved']);
  expect([reply.header('location'), reply.header('x-none')]).toEqual([elsewhere.origin, null]);
  expect(world.server.seen).toMatchObject([{ method: 'GET', url: '/rows/7?x=1' }]);
  expect(elsewhere.seen).toEqual([]);
});

test('a cookie that an answer sets is not sent back', async () => {
  await using world = await startWorld((_, response) =>
    sendJson(response, {}, { headers: { 'set-cookie': 'server=1' } }),
  );
  await world.http.send(ASK);
  await world.http.send(ASK);
  expect(world.server.seen.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
});

/** The channel's next message, and the turn of the event loop in which it is taken in. */
async function once(told: Channel): Promise<void> {
  const came = Promise.withResolvers<undefined>();
  const listen = () => {
    came.resolve(undefined);
  };
  told.subscribe(listen);
  await came.promise;
  told.unsubscribe(listen);
  await turn();
}

const silent: Answer = () => undefined;
const stuck: Answer = (_, response) => {
  response.writeHead(200).write('{');
};

test.each<[string, Answer, Partial<HttpLimits>, string]>([
  ['dropped', (_, response) => response.destroy(), {}, 'broken'],
  ['broken off', breaksOff(200), {}, 'broken'],
  ['never begun', silent, { headersTimeoutMs: 200 }, 'timeout'],
  ['never ended', stuck, { bodyTimeoutMs: 200 }, 'timeout'],
])('an answer that is %s throws what was handed in', async (_, answer, limits, reason) => {
  await using world = await startWorld(answer, { limits });
  const failed = world.http.send(ASK);
  await expect(failed).rejects.toBeInstanceOf(NobodyThere);
  await expect(failed).rejects.toMatchObject({
    message: `GET /rows/{id}: ${reason}`,
    cause: expect.any(Error),
  });
});

test('an origin where nobody listens is told from one that breaks off', async () => {
  const gone = await startServer(silent);
  await gone[Symbol.asyncDispose]();
  const http = openHttp(gone.origin, LIMITS, rules);
  await expect(http.send(ASK)).rejects.toThrow('GET /rows/{id}: connect');
  await http.close();
});

test('a body that breaks off is empty where the head says all, and else no answer', async () => {
  const vendor = {
    headSuffices: (method: string, status: number) => method === 'POST' && status === 201,
  };
  const write: HttpRequest = { ...ASK, method: 'POST', body: '{}' };
  await using created = await startWorld(breaksOff(201), { vendor });
  expect(await created.http.send(write)).toMatchObject({ status: 201, text: '' });
  await expect(created.http.send(ASK)).rejects.toThrow('broken');
  await using accepted = await startWorld(breaksOff(202), { vendor });
  await expect(accepted.http.send(write)).rejects.toThrow('broken');
});

test('an abort ends the wait with its own reason, even where the head says all', async () => {
  await using world = await startWorld(stuck, { vendor: { headSuffices: () => true } });
  const stop = new AbortController();
  const headCame = once(channel('undici:request:headers'));
  const failed = expect(
    world.http.send({ ...ASK, method: 'POST', signal: stop.signal }),
  ).rejects.toThrow('stopping');
  await headCame;
  stop.abort(new Error('stopping'));
  await failed;
  await expect(world.http.send({ ...ASK, signal: stop.signal })).rejects.toThrow('stopping');
});

test('closing lets what is in flight finish, and closing twice is closing once', async () => {
  const arrived = Promise.withResolvers<() => void>();
  await using world = await startWorld((_, response) => {
    arrived.resolve(() => sendJson(response, 'done'));
  });
  const asked = world.http.send(ASK);
  const finish = await arrived.promise;
  const closed = Promise.all([world.http.close(), world.http.close()]);
  finish();
  expect((await asked).text).toBe('done');
  await closed;
});
