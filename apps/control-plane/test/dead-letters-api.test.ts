import { expect, test } from '@jest/globals';
import { INGRESS, openAppWorld } from './app-world.ts';
import { LETTER } from './fake-deeds.ts';

const URL = `${INGRESS}/dead-letters`;

test('dead letters are listed by table, reason and key, and summed up', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const list = await world.call('GET', `${URL}?table=contact&code=valueTooLong&key=k&limit=7`);
  expect(list.json()).toEqual({ items: [LETTER], next: null });
  expect(world.fake.asked).toEqual([
    { cursor: null, limit: 7, table: 'contact', code: 'valueTooLong', key: 'k' },
  ]);
  expect((await world.call('GET', `${URL}/summary`)).json()).toEqual({
    total: 1,
    groups: [{ table: 'contact', code: 'valueTooLong', count: 1, oldest: LETTER.since }],
  });
  expect((await world.call('GET', `${URL}?reason=x`)).statusCode).toBe(400);
});

test('one letter, or all of a kind, is asked to be read again', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const one = await world.call('POST', `${URL}/${LETTER.id}/retry`);
  expect(one.statusCode).toBe(202);
  expect(one.json()).toEqual({ retried: 1, waits: true });
  expect((await world.call('POST', `${URL}/none/retry`)).statusCode).toBe(404);
  const all = await world.call('POST', `${URL}/retry-all`, { payload: { code: 'valueTooLong' } });
  expect(all.json()).toEqual({ retried: 0, waits: false });
  expect((await world.call('POST', `${URL}/retry-all`)).statusCode).toBe(202);
  expect(world.fake.asked).toEqual([
    { retryAll: { table: undefined, code: 'valueTooLong' } },
    { retryAll: { table: undefined, code: undefined } },
  ]);
});

test('a retry carries the key that it came with', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const headers = { 'idempotency-key': 'k-1' };
  await world.call('POST', `${URL}/${LETTER.id}/retry`, { headers });
  await world.call('POST', `${URL}/retry-all`, { headers });
  const keys = world.fake.contexts.slice(-2).map(({ idempotencyKey }) => idempotencyKey);
  expect(keys).toEqual(['k-1', 'k-1']);
});

test('a letter is discarded with a note, in the body or in the query, and not without', async () => {
  await using world = await openAppWorld();
  await world.connect();
  expect((await world.call('DELETE', `${URL}/${LETTER.id}`)).statusCode).toBe(400);
  const payload = { note: 'left the company' };
  expect((await world.call('DELETE', `${URL}/${LETTER.id}`, { payload })).statusCode).toBe(204);
  const again = await world.call('DELETE', `${URL}/${LETTER.id}?note=twice`);
  expect(again.statusCode).toBe(204);
  expect(world.fake.asked).toEqual([
    { discarded: LETTER.id, note: 'left the company' },
    { discarded: LETTER.id, note: 'twice' },
  ]);
});
