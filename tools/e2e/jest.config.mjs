import { join } from 'node:path';

/** What needs a browser: `npm run e2e`. The rest of the suite is in jest.config.mjs at the root. */
const swc = [
  '@swc/jest',
  {
    jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

export default {
  displayName: 'e2e',
  rootDir: import.meta.dirname,
  roots: [join(import.meta.dirname, 'src')],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': swc },
  testMatch: ['**/*.e2e.test.ts'],
  testTimeout: 180_000,
  maxWorkers: 1,
};
