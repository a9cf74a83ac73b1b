import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');

/** What stands behind ingress's dead letters, as one text. */
const sources = ['apps/ingress/src', 'libs/mapping/src', 'libs/pipeline/src']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  )
  .join('\n');

test.each(['docs/api.md', 'docs/replay-and-dead-letters.md'])(
  '%s asks for dead letters by codes that there are',
  (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const asked = [
      ...text.matchAll(/dead-letters?\S*code=(\w+)|\$D\S*code=(\w+)|"code": "(\w+)"/g),
    ];
    const codes = asked.map(([, ...groups]) => groups.join(''));
    expect(codes).not.toEqual([]);
    expect(codes.filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  },
);
