import { expect, test } from '@jest/globals';
import { DataverseRequestError } from '@landbridge/dynamics';
import type { LightMyRequestResponse } from 'fastify';
import { CONTACT } from './fake-clients.ts';
import { DEMO, openAppWorld, type AppWorld } from './app-world.ts';

const URL = `${DEMO}/workflows/egress/configuration`;
const SEND_COLUMNS = {
  adobe_senton: 'dateTime',
  regardingobjectid: 'lookup',
  subject: 'string',
  adobe_campaignname: 'string',
  adobe_deliveryname: 'string',
  adobe_mirrorpageurl: 'memo',
} as const;

const save = (world: AppWorld, payload: object) =>
  world.call('PUT', URL, { payload, headers: { 'if-match': '"1"' } });

const errorsOf = (answer: LightMyRequestResponse) =>
  answer.json<{ errors: { pointer: string; message: string }[] }>().errors;

/** An environment that has the activity of sends and no other; `to`: where its regarding leads. */
async function openWorld(to = 'contact'): Promise<AppWorld> {
  const world = await openAppWorld();
  await world.connect();
  const [column] = CONTACT.columns;
  if (column === undefined) throw new Error('There are no columns');
  const columns = Object.entries(SEND_COLUMNS).map(([name, type]) => ({ ...column, name, type }));
  const { dynamics } = world.systems;
  dynamics.table = async (table) => {
    if (table === 'adobe_emailsend') return { value: { ...CONTACT, table, columns }, calls: 1 };
    throw new DataverseRequestError(
      { method: 'GET', path: `/EntityDefinitions/${table}` },
      {
        status: 404,
        code: '',
        kind: 'notFound',
        column: null,
        retryAfterMs: null,
        requestId: null,
        vendorText: '',
      },
    );
  };
  const bind = { column: 'regardingobjectid', to, bind: 'regardingobjectid_x' };
  dynamics.bindNames = async () => ({ value: [bind], calls: 1 });
  return world;
}

test('an event that is on is saved where its table is there; the others are warned of', async () => {
  await using world = await openWorld();
  const saved = await save(world, { events: { send: true } });
  expect(saved.statusCode).toBe(200);
  expect(saved.json()).toMatchObject({
    events: { send: true, open: false },
    warnings: [
      { pointer: '/activities/open/table' },
      { pointer: '/activities/click/table' },
      { pointer: '/activities/bounce/table' },
    ],
  });
});

test('an event that is on without its table or with another column is refused by name', async () => {
  await using world = await openWorld();
  const answer = await save(world, {
    events: { send: true, open: true },
    activities: { send: { table: 'adobe_emailsend', date: 'subject', campaignName: 'adobe_no' } },
  });
  expect(answer.statusCode).toBe(422);
  expect(errorsOf(answer).map(({ pointer }) => pointer)).toEqual([
    '/activities/send/date',
    '/activities/send/campaignName',
    '/activities/open/table',
  ]);
});

test('the marks of seeds, proofs and tests may stand under headings of one’s own', async () => {
  await using world = await openWorld();
  const deliveryColumns = {
    ...{ seedMember: 'Seed', proofMember: 'Proof', testMember: 'Test' },
    ...{ failureType: 'Failure', deliveryType: 'Medium' },
  };
  const saved = await save(world, { files: { deliveryColumns } });
  expect(saved.statusCode).toBe(200);
  expect(saved.json()).toMatchObject({ files: { deliveryColumns } });
});

test('an activity whose regarding leads to no contact is refused', async () => {
  await using world = await openWorld('account');
  const answer = await save(world, { events: { send: true } });
  expect(errorsOf(answer)).toMatchObject([{ pointer: '/activities/send/regarding' }]);
});

test('a column that is calculated is refused where an event is written to it', async () => {
  await using world = await openWorld();
  const { dynamics } = world.systems;
  const found = dynamics.table;
  dynamics.table = async (table, options) => {
    const { value, calls } = await found(table, options);
    const columns = value.columns.map((column) =>
      column.name === 'adobe_deliveryname' ? { ...column, creatable: false } : column,
    );
    return { value: { ...value, columns }, calls };
  };
  const answer = await save(world, { events: { send: true } });
  expect(answer.statusCode).toBe(422);
  expect(errorsOf(answer)).toEqual([
    {
      pointer: '/activities/send/deliveryName',
      message: expect.stringContaining('adobe_emailsend.adobe_deliveryname is read-only'),
    },
  ]);
});
