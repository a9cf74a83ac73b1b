import { expect, test } from '@jest/globals';
import { CampaignUnreachable } from '@landbridge/campaign';
import { DataverseRequestError } from '@landbridge/dynamics';
import type { LightMyRequestResponse } from 'fastify';
import { DEMO, INGRESS, openAppWorld, type AppWorld } from './app-world.ts';

const URL = `${INGRESS}/configuration`;

interface Saved {
  mappings: unknown[];
  warnings: { pointer: string; message: string }[];
}

const mapping = (rest: object = {}) => ({
  dynamicsTable: 'contact',
  campaignResource: 'profile',
  key: { dynamics: 'contactid', campaign: 'externalId' },
  fields: [{ dynamics: 'lastname', campaign: 'lastName' }],
  ...rest,
});

const save = (world: AppWorld, payload: object, headers: Record<string, string> = {}) =>
  world.call('PUT', URL, { payload, headers: { 'if-match': '"1"', ...headers } });

const pointersOf = (answer: LightMyRequestResponse): string[] =>
  answer.json<{ errors: { pointer: string }[] }>().errors.map(({ pointer }) => pointer);

test('what is read can be saved under its ETag, and gets the next one', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const read = await world.call('GET', URL);
  expect(read.headers.etag).toBe('"1"');
  const saved = await save(world, { mappings: [mapping()] });
  expect(saved.statusCode).toBe(200);
  expect(saved.headers.etag).toBe('"2"');
  expect(saved.json<Saved>().warnings).toEqual([]);
  const again = await world.call('GET', URL);
  expect(again.json()).toMatchObject({ mappings: [{ fields: [{ applyUpdates: true }] }] });
  const unchanged = await world.call('GET', URL, { headers: { 'if-none-match': '"2"' } });
  expect(unchanged.statusCode).toBe(304);
  expect(unchanged.body).toBe('');
});

test('saving without saying what was edited is refused with what to say', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const answer = await world.call('PUT', URL, { payload: { mappings: [] } });
  expect(answer.statusCode).toBe(428);
  expect(answer.headers.etag).toBe('"1"');
  expect(answer.json()).toMatchObject({ type: '/problems/revision-required' });
});

test.each([
  ['"0"', 412],
  ['"2"', 412],
  ['W/"1"', 412],
  ['"0", "7"', 412],
  ['1', 400],
  ['*', 200],
  ['"7", "1"', 200],
])('If-Match %s against revision 1 answers %d', async (ifMatch, status) => {
  await using world = await openAppWorld();
  await world.connect();
  const answer = await save(world, { mappings: [] }, { 'if-match': ifMatch });
  expect(answer.statusCode).toBe(status);
  if (status === 412) expect(answer.headers.etag).toBe('"1"');
});

test('each field that does not fit is named, and nothing is saved', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const answer = await save(world, {
    mappings: [
      mapping({
        fields: [
          { dynamics: 'shoesize', campaign: 'firstName' },
          { dynamics: 'lastname', campaign: 'shoeSize' },
          { dynamics: 'firstname', campaign: 'lastName' },
          { dynamics: 'lastname', campaign: 'lastName' },
          { dynamics: 'jobtitle', campaign: 'age' },
          { dynamics: 'birthdate', campaign: 'externalId' },
        ],
        links: [{ dynamics: 'parent', campaign: 'parent', to: 'account', by: 'column' }],
      }),
    ],
  });
  expect(answer.statusCode).toBe(422);
  expect(answer.json()).toMatchObject({ type: '/problems/configuration-invalid' });
  expect(new Set(pointersOf(answer))).toEqual(
    new Set([
      '/mappings/0/fields/0/dynamics',
      '/mappings/0/fields/1/campaign',
      '/mappings/0/fields/3/campaign',
      '/mappings/0/fields/4/campaign',
      '/mappings/0/fields/5/campaign',
      '/mappings/0/links/0/campaign',
      '/mappings/0/links/0/dynamics',
      '/mappings/0/links/0/to',
    ]),
  );
  expect(answer.body).toContain('has no mapping to link to');
  expect((await world.call('GET', URL)).headers.etag).toBe('"1"');
});

test('an unknown comparison, a wrong operand and unknown fields are named', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const answer = await save(world, {
    mappings: [
      mapping({
        colour: 'red',
        filter: {
          all: [
            { dynamics: 'lastname', is: 'like', value: 'x' },
            { any: [{ dynamics: 'lastname', is: 'empty', value: 'x', mode: 1 }] },
          ],
        },
      }),
    ],
    colour: 'blue',
  });
  expect(answer.statusCode).toBe(400);
  expect(new Set(pointersOf(answer))).toEqual(
    new Set([
      '/colour',
      '/mappings/0/colour',
      '/mappings/0/filter/all/0/is',
      '/mappings/0/filter/all/1/any/0/value',
      '/mappings/0/filter/all/1/any/0/mode',
    ]),
  );
});

test('a table mapped twice is named', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const answer = await save(world, { mappings: [mapping(), mapping()] });
  expect(pointersOf(answer)).toEqual(
    expect.arrayContaining(['/mappings/1/dynamicsTable', '/mappings/1/campaignResource']),
  );
});

test('what might go wrong is told and does not refuse', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const fields = [{ dynamics: 'firstname', campaign: 'firstName' }];
  const answer = await save(world, { mappings: [mapping({ fields })] });
  expect(answer.statusCode).toBe(200);
  const { warnings } = answer.json<Saved>();
  expect(warnings.map(({ pointer }) => pointer)).toEqual(['/mappings/0/fields/0/campaign']);
});

test('without connections only the configuration itself is checked, and that is told', async () => {
  await using world = await openAppWorld();
  await world.call('PUT', DEMO, { payload: { name: 'Demo', production: false } });
  const odd = mapping({ fields: [{ dynamics: 'shoesize', campaign: 'shoeSize' }] });
  const saved = await save(world, { mappings: [odd] });
  expect(saved.statusCode).toBe(200);
  expect(saved.json<Saved>().warnings).toHaveLength(2);
  const twice = await save(world, { mappings: [odd, odd] }, { 'if-match': '"2"' });
  expect(twice.statusCode).toBe(422);
});

test('a system that does not answer holds nobody up, and that is told', async () => {
  await using world = await openAppWorld();
  await world.connect();
  world.systems.campaign.resource = async () => {
    throw new CampaignUnreachable({ method: 'GET', path: '/profile' }, 'connect');
  };
  const fields = [{ dynamics: 'shoesize', campaign: 'shoeSize' }];
  const bad = await save(world, { mappings: [mapping({ fields })] });
  expect(pointersOf(bad)).toEqual(['/mappings/0/fields/0/dynamics']);
  const good = await save(world, { mappings: [mapping()] });
  expect(good.json<Saved>().warnings[0]?.message).toContain('Not checked against Campaign');
});

test('a table that Dynamics 365 does not have is an error, not an outage', async () => {
  await using world = await openAppWorld();
  await world.connect();
  world.systems.dynamics.table = async () => {
    throw new DataverseRequestError(
      { method: 'GET', path: '/EntityDefinitions' },
      {
        status: 404,
        code: '0x80040217',
        kind: 'notFound',
        column: null,
        retryAfterMs: null,
        requestId: null,
        vendorText: '',
      },
    );
  };
  const answer = await save(world, { mappings: [mapping({ dynamicsTable: 'vehicle' })] });
  expect(pointersOf(answer)).toEqual(['/mappings/0/dynamicsTable']);
});

test('the pending edit is told', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const pending = await world.call('GET', `${URL}/pending`);
  expect(pending.json()).toMatchObject({ pending: false, revision: 1, changes: [] });
});
