import { expect, test } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { CONTACT, PROFILE } from './fake-clients.ts';
import { DECISION } from './fake-held-deletes.ts';
import { DEMO, openAppWorld, type AppWorld } from './app-world.ts';

const OPTIN = `${DEMO}/workflows/optin`;
const URL = `${OPTIN}/configuration`;
const MAPPED = {
  direction: 'bidirectional',
  mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListEmail' }],
};

const save = (world: AppWorld, payload: object) =>
  world.call('PUT', URL, { payload, headers: { 'if-match': '"1"' } });

const errorsOf = (answer: LightMyRequestResponse) =>
  answer.json<{ errors: { pointer: string; message: string }[] }>().errors;

/** Both systems, with the opt-out under the API's name on one side and a boolean on the other. */
async function openWorld(): Promise<AppWorld> {
  const world = await openAppWorld();
  await world.connect();
  const [column] = CONTACT.columns;
  const [field] = PROFILE.fields;
  if (column === undefined || field === undefined) throw new Error('There are no columns');
  const contact = {
    ...CONTACT,
    columns: [...CONTACT.columns, { ...column, name: 'donotbulkemail', type: 'boolean' as const }],
  };
  const profile = {
    ...PROFILE,
    fields: [...PROFILE.fields, { ...field, name: 'blackListEmail', type: 'boolean' as const }],
  };
  world.systems.dynamics.table = async () => ({ value: contact, calls: 1 });
  world.systems.campaign.resource = async () => ({ value: profile, calls: 1 });
  return world;
}

test('the opt-out of the API is saved and shown under the name of the manual', async () => {
  await using world = await openWorld();
  const mappings = [{ dynamics: 'donotbulkemail', campaign: 'blackListEmail' }];
  const saved = await save(world, { ...MAPPED, mappings });
  expect(saved.statusCode).toBe(200);
  expect(saved.json()).toMatchObject({ ...MAPPED, warnings: [] });
  expect((await world.call('GET', URL)).json()).toMatchObject(MAPPED);
});

test('a column that is no boolean, and a name that Campaign has not, are named', async () => {
  await using world = await openWorld();
  const text = await save(world, {
    ...MAPPED,
    mappings: [
      { dynamics: 'firstname', campaign: 'denyListEmail' },
      { dynamics: 'shoesize', campaign: 'denyListFax' },
    ],
  });
  expect(text.statusCode).toBe(422);
  expect(errorsOf(text).map(({ pointer }) => pointer)).toEqual([
    '/mappings/0/dynamics',
    '/mappings/1/dynamics',
    '/mappings/1/campaign',
  ]);
  const unknown = await save(world, {
    ...MAPPED,
    mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListCarrierPigeon' }],
  });
  expect(unknown.statusCode).toBe(400);
});

test('polling needs a filter in Campaign, unless it is switched off', async () => {
  await using world = await openWorld();
  const polling = { ...MAPPED, source: 'poll' };
  const refused = await save(world, polling);
  expect(errorsOf(refused)).toMatchObject([{ pointer: '/poll/filter' }]);
  const prepared = await save(world, { ...polling, direction: 'disabled' });
  expect(prepared.json()).toMatchObject({ warnings: [{ pointer: '/poll/filter' }] });
});

test('the decisions on a contact can be looked up, of one attribute or of all', async () => {
  await using world = await openWorld();
  const url = `${OPTIN}/decisions?contact=${DECISION.contactId}`;
  expect((await world.call('GET', url)).json()).toEqual({ items: [DECISION], next: null });
  const other = await world.call('GET', `${url}&attribute=denyListFax`);
  expect(other.json()).toEqual({ items: [], next: null });
  expect((await world.call('GET', `${OPTIN}/decisions`)).statusCode).toBe(400);
});

test('an opt-out is not mapped to what nobody can write, on the side that is written', async () => {
  await using world = await openWorld();
  const { dynamics, campaign } = world.systems;
  const [table, resource] = [dynamics.table, campaign.resource];
  dynamics.table = async (name) => {
    const { value, calls } = await table(name);
    const columns = value.columns.map((column) => ({ ...column, updatable: false }));
    return { value: { ...value, columns }, calls };
  };
  campaign.resource = async (name) => {
    const { value, calls } = await resource(name);
    const fields = value.fields.map((field) => ({ ...field, readOnly: true }));
    return { value: { ...value, fields }, calls };
  };
  const pointers = async (direction: string) =>
    errorsOf(await save(world, { ...MAPPED, direction })).map(({ pointer }) => pointer);
  expect(await pointers('bidirectional')).toEqual(['/mappings/0/dynamics', '/mappings/0/campaign']);
  expect(await pointers('campaign-to-dynamics')).toEqual(['/mappings/0/dynamics']);
  expect((await save(world, { ...MAPPED, direction: 'dynamics-to-campaign' })).statusCode).toBe(
    200,
  );
});

const INGRESS_URL = `${DEMO}/workflows/ingress/configuration`;
const contactMapping = (...fields: { dynamics: string; campaign: string }[]) => ({
  mappings: [
    {
      dynamicsTable: 'contact',
      campaignResource: 'profile',
      key: { dynamics: 'contactid', campaign: 'externalId' },
      fields: [{ dynamics: 'lastname', campaign: 'lastName' }, ...fields],
    },
  ],
});
const EMAIL_FIELD = { dynamics: 'donotbulkemail', campaign: 'blackListEmail' };

/** Saves over whatever is there. */
async function saveAt(world: AppWorld, url: string, payload: object) {
  const { etag } = (await world.call('GET', url)).headers;
  return world.call('PUT', url, { payload, headers: { 'if-match': etag ?? '' } });
}

test('an opt-out is mapped in the contact mapping or in Opt-In/Out, and either says where the other is', async () => {
  await using world = await openWorld();
  expect((await saveAt(world, URL, MAPPED)).statusCode).toBe(200);
  const second = await saveAt(world, INGRESS_URL, contactMapping(EMAIL_FIELD));
  expect(second.statusCode).toBe(422);
  expect(errorsOf(second)).toMatchObject([
    {
      pointer: '/mappings/0/fields/1/campaign',
      message: expect.stringMatching(/"Opt-In\/Out" too, at \/mappings\/0\/campaign/),
    },
  ]);
  // From Dynamics alone, the contact mapping is the very place for it.
  const fromDynamics = { ...MAPPED, direction: 'dynamics-to-campaign' };
  expect((await saveAt(world, URL, fromDynamics)).statusCode).toBe(200);
  const saved = await saveAt(world, INGRESS_URL, contactMapping(EMAIL_FIELD));
  expect(saved.statusCode).toBe(200);
  const back = await saveAt(world, URL, MAPPED);
  expect(back.statusCode).toBe(422);
  expect(errorsOf(back)).toMatchObject([
    {
      pointer: '/mappings/0/campaign',
      message: expect.stringMatching(/to Campaign" too, at \/mappings\/0\/fields\/1\/campaign/),
    },
  ]);
});
