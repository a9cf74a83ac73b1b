import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Connections } from '@landbridge/contracts';
import { seal, SealBroken, unseal } from '../src/index.ts';

const newKey = (): string => randomBytes(32).toString('base64url');
const connections = Connections.parse({
  dynamics: {
    url: 'https://dynamics.example',
    tenantId: 'tenant',
    clientId: 'client',
    clientSecret: 'very secret',
  },
});

test('what is sealed comes back with the key, and shows nothing without', async () => {
  const key = newKey();
  const sealed = await seal(connections, key);
  expect(await unseal(sealed, key)).toEqual(connections);
  const readable = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  expect(readable.join()).not.toContain('secret');
});

test('another key, a changed value and something else altogether are refused', async () => {
  const key = newKey();
  const sealed = await seal(connections, key);
  await expect(unseal(sealed, newKey())).rejects.toThrow(SealBroken);
  await expect(unseal(`${sealed.slice(0, -2)}AA`, key)).rejects.toThrow(SealBroken);
  await expect(unseal('nothing', key)).rejects.toThrow(SealBroken);
});

test('a key of another length is refused with what it must be', async () => {
  await expect(seal(connections, 'short')).rejects.toThrow(/32 bytes in base64url/);
});
