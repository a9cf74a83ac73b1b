import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { EnvironmentInvalid, parseEnvironment } from '../src/index.ts';

const Settings = z.object({
  LANDBRIDGE_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LANDBRIDGE_NATS_URL: z.url(),
});

test('every fault of the environment is told at once', () => {
  const env = { LANDBRIDGE_PORT: 'eighty', LANDBRIDGE_NATS_URL: '' };
  expect(() => parseEnvironment(Settings, env)).toThrow(EnvironmentInvalid);
  expect(() => parseEnvironment(Settings, env)).toThrow(
    /LANDBRIDGE_PORT: .*\n.*LANDBRIDGE_NATS_URL: /,
  );
});

test('an empty variable counts as not set', () => {
  const env = { LANDBRIDGE_PORT: '', LANDBRIDGE_NATS_URL: 'nats://127.0.0.1:4222' };
  expect(parseEnvironment(Settings, env).LANDBRIDGE_PORT).toBe(8080);
});
