import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { closeInOrder } from '../src/index.ts';

test('what follows is closed although something before it failed, which is told then', async () => {
  const closed: string[] = [];
  const closing = closeInOrder(
    { close: () => Promise.reject(new Error('no')) },
    { close: async () => closed.push('the rest') },
  );
  await expect(closing).rejects.toBeInstanceOf(AggregateError);
  expect(closed).toEqual(['the rest']);
});

test('a process of which a part waits for ever ends all the same', async () => {
  const program = join(import.meta.dirname, 'stuck-program.ts');
  const ended = promisify(execFile)('node', [program]);
  await expect(ended).rejects.toMatchObject({ code: 1 });
});
