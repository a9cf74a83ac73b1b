import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const project = join(import.meta.dirname, '../..');
const manifest = createRequire(import.meta.url).resolve('openapi-typescript/package.json');

test('the client’s types are those of docs/openapi.json (else: npm run generate -w apps/console)', async () => {
  const generator = join(dirname(manifest), 'bin/cli.js');
  const arguments_ = ['../../docs/openapi.json', '-o', 'src/api/generated/schema.ts', '--check'];
  const run = promisify(execFile)(process.execPath, [generator, ...arguments_], { cwd: project });
  await expect(run).resolves.toBeDefined();
});
