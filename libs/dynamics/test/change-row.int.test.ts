import { expect, test } from '@jest/globals';
import { dynamicsColumn } from '@landbridge/testing/metadata';
import { sendJson } from '@landbridge/testing/tiny-server';
import { errorOf, ID, startStandIn } from './stand-in.ts';

const CONTACT = {
  table: 'contact',
  entitySet: 'contacts',
  primaryId: 'contactid',
  columns: [
    dynamicsColumn('contactid', 'other'),
    dynamicsColumn('donotphone', 'boolean'),
    dynamicsColumn('modifiedon', 'other'),
  ],
};
const change = {
  table: CONTACT,
  columns: ['donotphone'],
  id: ID,
  version: '41',
  values: { donotphone: true },
};

test('a row is changed only where it is still of that version, and told as it is afterwards', async () => {
  await using world = await startStandIn((_, response) =>
    sendJson(response, {
      '@odata.etag': 'W/"42"',
      contactid: ID,
      donotphone: true,
      modifiedon: '2026-11-24T10:00:00Z',
    }),
  );
  const { value, calls } = await world.client.changeRow(change);
  expect(calls).toBe(1);
  expect(value).toEqual({
    outcome: 'changed',
    row: {
      id: ID,
      version: '42',
      modifiedOn: '2026-11-24T10:00:00Z',
      columns: { contactid: ID, donotphone: true },
    },
  });
  const [asked] = world.asked();
  expect(asked).toMatchObject({ method: 'PATCH', body: '{"donotphone":true}' });
  expect(asked?.url).toContain(`contacts(${ID})?$select=contactid,donotphone,modifiedon`);
  expect(asked?.headers).toMatchObject({
    'if-match': 'W/"41"',
    prefer: 'return=representation',
  });
});

test.each([
  { status: 412, code: '0x80060882', outcome: 'moved' },
  { status: 404, code: '0x80040217', outcome: 'absent' },
])('$status says that the row is $outcome', async ({ status, code, outcome }) => {
  await using world = await startStandIn((_, response) =>
    sendJson(response, { error: { code, message: 'no' } }, { status }),
  );
  expect(await world.client.changeRow(change)).toEqual({ value: { outcome }, calls: 1 });
});

test('whatever else is refused is thrown', async () => {
  await using world = await startStandIn((_, response) =>
    sendJson(response, { error: { code: '0x80048d19', message: 'no' } }, { status: 400 }),
  );
  expect(await errorOf(world.client.changeRow(change))).toMatchObject({ kind: 'rejected' });
});
