import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { durabilityOf, isFit } from '../src/durability.ts';

test('nats-server before 2.10 is refused', () => {
  expect(['2.9.25', '1.4.0', 'unknown', '2.10.0', '2.15.1', '3.0.0'].map(isFit)).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
});

test.each([
  ['2.15.1', { config: { sync_always: true } }, { durable: true }],
  ['2.15.1', { config: {} }, { durable: false, known: true }],
  ['2.15.1', 'no json of ours', { durable: false, known: false }],
  ['2.14.9', { config: { sync_always: true } }, { durable: false, known: true }],
])('server %s whose monitor tells %j: %j', async (version, told, expected) => {
  const monitor = createServer((_, reply) => reply.end(JSON.stringify(told)));
  await new Promise<void>((resolve) => monitor.listen(0, '127.0.0.1', resolve));
  const { port } = monitor.address() as AddressInfo;
  const found = await durabilityOf(version, `http://127.0.0.1:${port}`);
  monitor.close();
  expect(found).toMatchObject(expected);
});

test('without a monitoring address nobody can know, and that is not "safe"', async () => {
  expect(await durabilityOf('2.15.1', null)).toMatchObject({ durable: false, known: false });
});
