import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { IngressConfiguration } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import type { StoryInstance } from '../src/story-instance.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'], env: { LANDBRIDGE_METADATA_MS: '1000' } });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

const field = (dynamics: string, campaign: string) => ({ dynamics, campaign, applyUpdates: true });

/** Vehicles are known by their identification number, accounts by their id. */
const TABLES = IngressConfiguration.parse({
  mappings: [
    {
      dynamicsTable: 'new_vehicle',
      campaignResource: 'cusVehicle',
      key: { dynamics: 'new_vin', campaign: 'VIN' },
      fields: [field('new_name', 'VehicleName'), field('new_registered', 'Registered')],
      replacements: [{ dynamics: 'new_name', from: 'beetle', to: 'Käfer' }],
      filter: { dynamics: 'new_electric', is: 'ne', value: true },
    },
    {
      dynamicsTable: 'account',
      campaignResource: 'cusAccount',
      key: { dynamics: 'accountid', campaign: 'externalId' },
      fields: [field('name', 'AccountName'), field('revenue', 'Revenue')],
    },
  ],
});

async function withTables(): Promise<StoryInstance> {
  const instance = await world.instance({ dynamics: { contacts: 0 } });
  const path = `/instances/${instance.name}/workflows/ingress/configuration`;
  const { api } = world.landbridge;
  const { headers } = await api.request('GET', path);
  await api.request('PUT', path, {
    body: TABLES,
    headers: { 'if-match': headers.get('etag') ?? '' },
  });
  return instance;
}

const vehicles = ({ campaign }: StoryInstance) =>
  campaign.records('cusVehicle').map(({ VIN, VehicleName }) => ({ VIN, VehicleName }));

test('custom tables cross, by a key of their own, and a vehicle whose key changes stays one', async () => {
  const instance = await withTables();
  const { dynamics, campaign } = instance;
  const beetle = dynamics.createRow('new_vehicle', { new_name: 'Beetle', new_vin: 'VIN-1' });
  dynamics.createRow('new_vehicle', { new_name: 'Leaf', new_vin: 'VIN-2', new_electric: true });
  const account = dynamics.createRow('account', { name: 'Contoso', revenue: 12.5 });
  await instance.starts();
  await until(
    'the beetle and the account to arrive, and not the electric one',
    () => ({ vehicles: vehicles(instance), accounts: campaign.recordCount('cusAccount') }),
    (seen) => seen.vehicles.length === 1 && seen.accounts === 1,
  );
  expect(vehicles(instance)).toEqual([{ VIN: 'VIN-1', VehicleName: 'Käfer' }]);
  expect(campaign.record('cusAccount', 'externalId', account)).toMatchObject({ Revenue: 12.5 });

  dynamics.changeRow('new_vehicle', beetle, { new_vin: 'VIN-3' });
  await until(
    'the beetle under its new number alone',
    () => vehicles(instance),
    (seen) => seen.length === 1 && seen[0]?.VIN === 'VIN-3',
  );
  dynamics.deleteRow('new_vehicle', beetle);
  await until(
    'no vehicle to be left',
    () => vehicles(instance),
    (seen) => seen.length === 0,
  );
}, 120_000);

test.each([['dynamics'], ['campaign']] as const)(
  'a schema change in %s under a running custom table fails the run with its name, and heals',
  async (system) => {
    const instance = await withTables();
    const { dynamics, campaign } = instance;
    dynamics.createRow('new_vehicle', { new_name: 'Beetle', new_vin: 'VIN-1' });
    await instance.starts();
    await until(
      'the first vehicle to arrive',
      () => vehicles(instance),
      (seen) => seen.length === 1,
    );
    if (system === 'dynamics') dynamics.renameColumn('new_vehicle', 'new_name', 'new_title');
    else campaign.renameAttribute('cusVehicle', 'VehicleName', 'Title');
    const failed = await instance.until({ status: 'FAILED', failure: 'columnMissing' });
    const named = system === 'dynamics' ? 'new_vehicle.new_name' : 'cusVehicle.VehicleName';
    expect(failed.failure).toMatchObject({ code: 'columnMissing', system, field: named });
    if (system === 'dynamics') dynamics.renameColumn('new_vehicle', 'new_title', 'new_name');
    else campaign.renameAttribute('cusVehicle', 'Title', 'VehicleName');
    dynamics.createRow('new_vehicle', { new_name: 'Golf', new_vin: 'VIN-2' });
    await instance.starts();
    await until(
      'both vehicles with their names',
      () => vehicles(instance).map(({ VehicleName }) => VehicleName),
      (seen) => seen.length === 2 && seen.includes('Käfer') && seen.includes('Golf'),
    );
  },
  180_000,
);
