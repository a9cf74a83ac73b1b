import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CampaignType, DynamicsType } from '@landbridge/contracts';
import { convertibility } from '../src/index.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/conversions.md'), 'utf8');
const [header = [], , ...rows] = (page.split('<!-- matrix -->')[1] ?? '')
  .trim()
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const documented = new Map<string | undefined, Record<string, string>>(
  rows.map(([from, ...cells]) => [
    from,
    Object.fromEntries(cells.map((cell, index) => [header[index + 1], cell])),
  ]),
);

test('docs/conversions.md says of every pair of types what the code does', () => {
  for (const from of DynamicsType.options) {
    for (const to of CampaignType.options) {
      const cell = documented.get(from)?.[to] ?? 'never';
      expect(`${from} → ${to}: ${cell}`).toBe(`${from} → ${to}: ${convertibility(from, to)}`);
    }
  }
});
