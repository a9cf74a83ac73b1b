import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = import.meta.dirname;
const swc = [
  '@swc/jest',
  {
    jsc: { target: 'es2024', parser: { syntax: 'typescript', tsx: true } },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

/** One Jest project for each workspace; its name is the folder's. */
const projects = ['libs', 'apps', 'tools'].flatMap((kind) =>
  existsSync(join(root, kind))
    ? readdirSync(join(root, kind), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => ({
          displayName: entry.name,
          rootDir: join(root, kind, entry.name),
          testEnvironment: 'node',
          extensionsToTreatAsEsm: ['.ts', '.tsx'],
          transform: { '^.+\\.tsx?$': swc },
          testMatch: ['<rootDir>/{src,test}/**/*.test.{ts,tsx}'],
          testPathIgnorePatterns: ['/node_modules/', '\\.e2e\\.test\\.ts$'],
        }))
    : [],
);

export default {
  projects,
  // More than one `until` may take: its message says what was seen, Jest's only that time is up.
  testTimeout: 120_000,
};
