import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('each metric that an alert asks for is one that a service tells', () => {
  const rules = read('deploy/prometheus/landbridge.rules.yml');
  const folders = ['apps/optin-sync/src', 'libs/pipeline/src', 'libs/messaging/src'];
  const sources = folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => read(join(folder, name))),
    )
    .join('\n');
  const asked = new Set(rules.match(/landbridge_[a-z_]+/g));
  expect(asked.size).toBeGreaterThan(0);
  expect([...asked].filter((name) => !sources.includes(`name: '${name}'`))).toEqual([]);
});

test('the docs name every alert', () => {
  const alerts = [...read('deploy/prometheus/landbridge.rules.yml').matchAll(/alert: (\w+)/g)];
  const docs = read('docs/opt-in-out.md');
  expect(alerts.filter(([, name = '']) => !docs.includes(name))).toEqual([]);
});
