import { expect, test } from '@jest/globals';
import { sendJson } from '@landbridge/testing/tiny-server';
import { DynamicsCredentialsRefused, DynamicsUnreachable } from '../src/index.ts';
import { errorOf, printed, SECRET, startStandIn } from './stand-in.ts';

const whoAmI = { UserId: 'u', OrganizationId: 'o', BusinessUnitId: 'b' };

test('fifty callers share one token, asked for as Entra wants it', async () => {
  await using world = await startStandIn((_, response) => sendJson(response, whoAmI));
  const replies = await Promise.all(Array.from({ length: 50 }, () => world.client.whoAmI()));
  expect(replies[0]).toEqual({
    value: { userId: 'u', organizationId: 'o', businessUnitId: 'b' },
    calls: 1,
  });
  const [token, ...others] = world.server.seenOf('/token');
  expect(others).toEqual([]);
  expect(token?.url).toBe('/tenant/oauth2/v2.0/token');
  expect(Object.fromEntries(new URLSearchParams(token?.body))).toEqual({
    grant_type: 'client_credentials',
    client_id: 'app',
    client_secret: SECRET,
    scope: `${world.server.origin}/.default`,
  });
});

test('a refused token is renewed once for all, and the repeat counts', async () => {
  await using world = await startStandIn((_, response) => sendJson(response, whoAmI));
  await world.client.whoAmI();
  world.refuse(1);
  const replies = await Promise.all(Array.from({ length: 10 }, () => world.client.whoAmI()));
  expect(world.tokens.minted).toBe(2);
  expect(new Set(replies.map(({ calls }) => calls))).toEqual(new Set([2]));
});

test('a new token that is refused as well ends in refused credentials', async () => {
  await using world = await startStandIn((_, response) => sendJson(response, whoAmI));
  world.refuse(1_000);
  const error = await errorOf(world.client.whoAmI());
  expect(error).toBeInstanceOf(DynamicsCredentialsRefused);
  expect(error).toMatchObject({ code: '401', calls: 2 });
  expect(world.tokens.minted).toBe(2);
});

test.each([
  [401, 'invalid_client', [7000215]],
  [400, 'invalid_client', [7000222]],
  [400, 'unauthorized_client', [700016]],
  [400, 'invalid_request', [900023]],
])('Entra refusing with %i %s is a matter for a person', async (status, error, codes) => {
  const description = `AADSTS${codes[0]}: no, ${SECRET}`;
  await using world = await startStandIn(() => undefined, {
    entra: (_, response) =>
      sendJson(response, { error, error_description: description, error_codes: codes }, { status }),
  });
  const refused = await errorOf(world.client.whoAmI());
  expect(refused).toBeInstanceOf(DynamicsCredentialsRefused);
  expect(refused).toMatchObject({
    code: error,
    entraCodes: codes,
    vendorText: description,
    calls: 0,
  });
  expect(printed(refused)).not.toContain(SECRET);
});

test.each([
  [429, { error: 'too_many' }],
  [503, '<html>'],
  [200, '<html>portal</html>'],
  [400, 'not json'],
  [400, { error: 'temporarily_unavailable' }],
])('Entra that cannot say (%i) is waited for', async (status, body) => {
  await using world = await startStandIn(() => undefined, {
    entra: (_, response) => sendJson(response, body, { status, headers: { 'retry-after': '5' } }),
  });
  const error = await errorOf(world.client.whoAmI());
  expect(error).toBeInstanceOf(DynamicsUnreachable);
  expect(error).toMatchObject({ reason: 'token', retryAfterMs: 5_000, calls: 0 });
});
