import { expect, test } from '@jest/globals';
import { sendJson } from '@landbridge/testing/tiny-server';
import { PROFILE, startStandIn } from './stand-in.ts';

const path = '/acme/campaign/profileAndServicesExt/profile';

test.each([
  ['by the link of its page', { href: `${path}/_count?_lineCount=1` }, 26, 2],
  ['on the page itself', { href: `${path}/_count`, value: 31 }, 31, 1],
  ['not at all', undefined, null, 1],
])('Campaign says %s how many records it holds', async (_where, count, value, calls) => {
  await using world = await startStandIn((seen, response) => {
    const href = `${world.server.origin}${count?.href ?? ''}`;
    const page = count === undefined ? { content: [] } : { content: [], count: { ...count, href } };
    sendJson(response, seen.url.includes('/_count') ? { count: 26 } : page);
  });
  expect(await world.client.count(PROFILE)).toEqual({ value, calls });
  expect(world.asked().map(({ url }) => url)).toEqual(
    [`${path}?_lineCount=1`, `${path}/_count?_lineCount=1`].slice(0, calls),
  );
});
