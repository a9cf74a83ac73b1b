import type { ServerResponse } from 'node:http';
import { expect, test } from '@jest/globals';
import { sendJson, startServer, type Seen } from '@landbridge/testing/tiny-server';
import fc from 'fast-check';
import { createCampaignJournal, createCampaignTokens } from '../src/index.ts';
import { nextLinkIn } from '../src/journal/next-link.ts';
import { errorOf, printed, SECRET } from './stand-in.ts';

const PATH = '/events/organizations/1/integrations/2/abc';

/** I/O Events and IMS on one server; `answer` gets what is asked of the journal. */
async function startJournal(
  answer: (seen: Seen, response: ServerResponse) => void,
  eventsPath = `${PATH}?tenant=a%2Fb`,
) {
  let minted = 0;
  const server = await startServer((seen, response) => {
    if (!seen.url.startsWith('/ims/')) {
      answer(seen, response);
      return;
    }
    minted += 1;
    sendJson(response, { access_token: `t${minted}`, expires_in: 86_399 });
  });
  const connection = {
    ...{ url: `${server.origin}/acme`, organizationId: 'o@AdobeOrg', clientId: 'app' },
    ...{ clientSecret: SECRET, scopes: ['adobeio_api'], imsUrl: server.origin },
    eventsUrl: `${server.origin}${eventsPath}`,
  };
  const tokens = createCampaignTokens(connection);
  const journal = createCampaignJournal({ connection, tokens });
  return {
    server,
    journal,
    read: (position: string | null, limit = 2) => journal.readJournal({ position, limit }),
    asked: () => server.seen.filter(({ url }) => !url.startsWith('/ims/')),
    minted: () => minted,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await journal.close();
      await tokens.close();
    },
  };
}

/** Positions p0, p1, …, as Adobe pages them: exclusive `since`, a relative link to go on. */
function paged(count: number) {
  return ({ url }: Seen, response: ServerResponse) => {
    const { searchParams } = new URL(url, 'http://x');
    const from = Number(searchParams.get('since')?.slice(1) ?? -1) + 1;
    const size = Number(searchParams.get('limit') ?? 100);
    const events = Array.from({ length: Math.min(size, count - from) }, (_, index) => ({
      position: `p${from + index}`,
      event: { id: `e${from + index}` },
    }));
    searchParams.set('since', events.at(-1)?.position ?? `p${from - 1}`);
    const link = `<${PATH}?${searchParams.toString()}>; rel="next", <${PATH}/validate>; rel="validate"`;
    if (events.length === 0) {
      response.writeHead(204, { link, 'retry-after': '10' }).end();
      return;
    }
    const body = { events, _page: { last: events.at(-1)?.position, count: events.length } };
    sendJson(response, body, { headers: { link } });
  };
}

test('a journal is read from its oldest event to its end, and waits there', async () => {
  await using world = await startJournal(paged(3));
  const first = await world.read(null);
  expect(first).toMatchObject({
    events: [
      { position: 'p0', event: { id: 'e0' } },
      { position: 'p1', event: { id: 'e1' } },
    ],
    retryAfterMs: null,
    calls: 1,
  });
  const second = await world.read(first.next);
  expect(second.events.map(({ position }) => position)).toEqual(['p2']);
  const end = await world.read(second.next);
  expect(end).toMatchObject({ events: [], retryAfterMs: 10_000, next: second.next });
  expect(world.asked().map(({ url }) => url)).toEqual([
    `${PATH}?tenant=a%2Fb&limit=2`,
    `${PATH}?tenant=a%2Fb&limit=2&since=p1`,
    `${PATH}?tenant=a%2Fb&limit=2&since=p2`,
  ]);
  expect(world.asked()[0]?.headers).toMatchObject({
    ...{ authorization: 'Bearer t1', 'x-api-key': 'app', 'x-ims-org-id': 'o@AdobeOrg' },
  });
});

test('without a link the last position leads on, and an end without one stays where it is', async () => {
  let end = false;
  await using world = await startJournal((_, response) => {
    if (end) response.writeHead(204).end();
    else sendJson(response, { events: [{ position: 'p 7', event: 1 }], _page: { last: 'p 7' } });
  });
  const { next } = await world.read(null);
  expect(next).toMatch(/since=p\+7$/);
  end = true;
  expect(await world.read(next)).toEqual({ events: [], next, retryAfterMs: null, calls: 1 });
});

test('a position that has expired is an end of its own, and the oldest is one read away', async () => {
  await using world = await startJournal((seen, response) => {
    if (seen.url.includes('since=')) response.writeHead(410).end();
    else paged(5)(seen, response);
  });
  const { next } = await world.read(null);
  expect(await errorOf(world.read(next))).toMatchObject({
    name: 'JournalPositionExpired',
    calls: 1,
  });
  expect((await world.read(null)).events[0]?.position).toBe('p0');
});

test.each([
  [429, { error_code: '429050', message: 'Too many requests' }, 'throttled'],
  [503, '<html>', 'transient'],
  [403, { error_code: '403023', message: 'Profile is not valid' }, 'forbidden'],
])('%i is told apart from an empty journal', async (status, body, kind) => {
  await using world = await startJournal((_, response) =>
    sendJson(response, body, { status, headers: { 'retry-after': '7' } }),
  );
  expect(await errorOf(world.read(null))).toMatchObject({ kind, retryAfterMs: 7_000, calls: 1 });
});

test('a refused token is renewed once, and the repeat counts', async () => {
  await using world = await startJournal((seen, response) => {
    if (seen.headers.authorization === 'Bearer t1') response.writeHead(401).end();
    else paged(1)(seen, response);
  });
  expect(await world.read(null)).toMatchObject({ calls: 2 });
  expect(world.minted()).toBe(2);
});

test('neither a link nor a cursor takes the token to another host', async () => {
  await using elsewhere = await startServer((_, response) => sendJson(response, {}));
  await using world = await startJournal((_, response) =>
    sendJson(
      response,
      { events: [] },
      { headers: { link: `<${elsewhere.origin}/x>; rel="next"` } },
    ),
  );
  expect(await errorOf(world.read(null))).toMatchObject({ name: 'ForeignLinkRefused', calls: 1 });
  const foreign = world.read(`${elsewhere.origin}${PATH}?since=p1`);
  expect(await errorOf(foreign)).toMatchObject({ name: 'ForeignLinkRefused', calls: 0 });
  expect(elsewhere.seen).toEqual([]);
});

test.each([
  ['cut off', '{"events":[{"position":"p1","event":{"email":"ada@'],
  ['of another shape', '{"items":[]}'],
])('an answer %s is no answer, and shows nothing', async (_, body) => {
  await using world = await startJournal((_seen, response) => sendJson(response, body));
  const error = await errorOf(world.read(null));
  expect(error).toMatchObject({ name: 'CampaignUnreachable', reason: 'unreadable', calls: 1 });
  expect(printed(error)).not.toContain('ada@');
});

test('next is found among other links, however it is written', () => {
  expect(nextLinkIn('</a?x=1,2>; rel="validate",</b?y=3,4>; title="t"; rel=next')).toBe('/b?y=3,4');
  expect(nextLinkIn('<https://h/p>; rel="prev next"')).toBe('https://h/p');
  expect(nextLinkIn('<next>; rel="previous"')).toBeNull();
  expect(nextLinkIn(null)).toBeNull();
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), fc.boolean(), (target, first) => {
      const links = [`<${target}>; rel="next"`, '</other>; rel="validate"'];
      expect(nextLinkIn((first ? links : links.toReversed()).join(', '))).toBe(target);
    }),
  );
});
