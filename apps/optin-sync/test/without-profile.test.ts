import { expect, test } from '@jest/globals';
import { LookAgain } from '@landbridge/pipeline';
import { recall } from '../src/writing/contact-memory.ts';
import { awaitProfile } from '../src/writing/without-profile.ts';
import { FakeMemory, idOf, SCHEMA } from './builders.ts';

const column = SCHEMA.optouts[0]!.column;
const OPTED_OUT = { id: idOf(1), version: '1', modifiedOn: null, columns: { [column]: true } };

const look = async (attempt: number) => {
  const memory = new FakeMemory();
  const known = await recall(memory, OPTED_OUT.id);
  const isWritten = async () => true;
  const deps = { direction: 'bidirectional', schema: () => SCHEMA, memory, isWritten } as const;
  return awaitProfile(OPTED_OUT, known, deps, { attempt });
};

test('a profile that is made meanwhile is looked for again, which is no fault of anybody', async () => {
  expect(await look(1)).toMatchObject({ kind: 'retryAfter', cause: expect.any(LookAgain) });
});

test('a profile that is not found however often it is looked for is awaited', async () => {
  expect(await look(6)).toEqual({ kind: 'skipped', reason: 'awaitsProfile' });
});
