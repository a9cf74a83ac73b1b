import { expect, test } from '@jest/globals';
import { sendJson } from '@landbridge/testing/tiny-server';
import { errorOf, startStandIn } from './stand-in.ts';

const root = '/acme/campaign';
const listed = (name: string) => ({ [name]: { name, type: 'collection', help: name } });
const vehicle = {
  label: 'Vehicles',
  schema: 'cus:vehicle',
  content: { vin: { apiName: 'vin', type: 'string', resType: 'string', length: '20' } },
};

test('resources of both families are listed; a family may be absent', async () => {
  let customStatus = 200;
  await using world = await startStandIn((seen, response) => {
    const custom = seen.url.includes('customResources');
    const body = listed(custom ? 'cusShop' : 'profile');
    sendJson(response, body, { status: custom ? customStatus : 200 });
  });
  const names = async () => {
    const { value, calls } = await world.client.resources();
    expect(calls).toBe(2);
    return value.map(({ resource, endpoint }) => `${endpoint}/${resource}`);
  };
  expect(await names()).toEqual(['customResources/cusShop', 'profileAndServicesExt/profile']);
  customStatus = 404;
  expect(await names()).toEqual(['profileAndServicesExt/profile']);
  customStatus = 403;
  expect(await errorOf(world.client.resources())).toMatchObject({ kind: 'forbidden' });
});

const OOPS = { code: 500, message: 'Oops. Something went wrong. Check your URI and try again.' };

test.each([
  [404, 'no such resource'],
  [500, OOPS],
])('a resource is found in the other family, with its filters (%i)', async (status, body) => {
  await using world = await startStandIn((seen, response) => {
    const { origin } = world.server;
    const filters = { href: `${origin}${root}/customResources/resourceType/@p/filters/` };
    if (seen.url.endsWith('/filters/')) {
      const data = '/customResources/cusVehicle/byVin?vin_parameter=$value';
      sendJson(response, { byVin: { data } });
    } else if (seen.url === `${root}/customResources/resourceType/cusVehicle`) {
      sendJson(response, { ...vehicle, filters });
    } else if (seen.url === `${root}/customResources/`) sendJson(response, listed('cusVehicle'));
    else if (seen.url === `${root}/profileAndServicesExt/`) sendJson(response, listed('profile'));
    else sendJson(response, body, { status });
  });
  expect(await world.client.resource('cusVehicle')).toMatchObject({
    value: {
      resource: 'cusVehicle',
      label: 'Vehicles',
      endpoint: 'customResources',
      fields: [{ name: 'vin', lengthMax: 20 }],
      filters: [{ name: 'byVin', parameters: ['vin_parameter'] }],
    },
    calls: 5,
  });
  const error = await errorOf(world.client.resource('cusNone'));
  expect(error).toMatchObject({ kind: 'notFound', status, calls: 3 });
});

test('a listed resource whose metadata fails has not vanished', async () => {
  await using world = await startStandIn((seen, response) => {
    if (seen.url.includes('resourceType')) sendJson(response, OOPS, { status: 500 });
    else sendJson(response, seen.url.includes('custom') ? {} : listed('profile'));
  });
  expect(await errorOf(world.client.resource('profile'))).toMatchObject({ kind: 'transient' });
});
