import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CampaignSimulator, startCampaign } from '../src/index.ts';
import { type Call, campaignCaller } from './callers.ts';

let campaign: CampaignSimulator;
let call: Call;
beforeAll(async () => {
  campaign = await startCampaign();
  call = await campaignCaller(campaign);
});
afterAll(async () => campaign.close());

const VEHICLE = 'profileAndServicesExt/cusVehicle';
const join = (cardinality: 'one' | 'zeroOrOne') =>
  campaign.setJoin('cusVehicle', 'ProfileExternalId', {
    resource: 'profile',
    attribute: 'externalId',
    cardinality,
  });

test('with a link of cardinality 1 a record is hidden until its parent is there', async () => {
  join('one');
  const vehicle = { externalId: 'v1', VehicleName: 'Van', ProfileExternalId: 'p1' };
  expect((await call('POST', VEHICLE, vehicle)).status).toBe(201);
  expect((await call('GET', `${VEHICLE}/v1`)).status).toBe(404);
  expect((await call('PATCH', `${VEHICLE}/v1`, { VehicleName: 'Bus' })).status).toBe(404);
  expect((await call('DELETE', `${VEHICLE}/v1`)).status).toBe(404);
  expect((await call('POST', VEHICLE, vehicle)).status).toBe(500);
  expect((await call('GET', VEHICLE)).json?.['content']).toEqual([]);
  campaign.createProfile({ externalId: 'p1' });
  expect((await call('PATCH', `${VEHICLE}/v1`, { VehicleName: 'Bus' })).status).toBe(200);
  campaign.deleteProfile('p1');
  expect((await call('GET', `${VEHICLE}/v1`)).status).toBe(404);
});

test('with a link of cardinality 0 or 1 it is shown at once', async () => {
  join('zeroOrOne');
  await call('POST', VEHICLE, { externalId: 'v2', ProfileExternalId: 'nobody' });
  expect((await call('GET', `${VEHICLE}/v2`)).status).toBe(200);
});

test('the call log names what was inserted', () => {
  expect(campaign.calls({ call: 'insert', status: 201 }).map(({ key }) => key)).toEqual([
    'v1',
    'v2',
  ]);
});
