import { expect, test } from '@jest/globals';
import type { FoundSchema } from '../src/schema/table-schema.ts';
import { TableSchema } from '../src/schema/table-schema.ts';
import { mapping, metadata } from './builders.ts';

const without = (name: string): FoundSchema => ({
  ...metadata,
  resource: {
    ...metadata.resource,
    fields: metadata.resource.fields.filter((field) => field.name !== name),
  },
});

function start(looks: (() => Promise<FoundSchema>)[]) {
  const told: string[] = [];
  let lookCount = 0;
  const schema = new TableSchema({
    mapping: mapping(),
    started: metadata,
    sleep: async () => undefined,
    look: async () => {
      lookCount += 1;
      return (looks.shift() ?? (async () => metadata))();
    },
    onFault: async ({ field }) => void told.push(field ?? ''),
  });
  return { schema, told, looks: () => lookCount };
}

test('many who ask at once share one look', async () => {
  const { schema, looks } = start([]);
  await Promise.all(Array.from({ length: 50 }, () => schema.recheck()));
  expect(looks()).toBe(1);
});

test('who asks while a look is under way gets a later one', async () => {
  const held = Promise.withResolvers<FoundSchema>();
  const { schema, looks } = start([() => held.promise, async () => without('firstName')]);
  const first = schema.recheck();
  while (looks() === 0) await Promise.resolve();
  const second = schema.recheck();
  held.resolve(metadata);
  expect(await first).toBeNull();
  expect(await second).toMatchObject({ code: 'columnMissing', field: 'profile.firstName' });
});

test('a fault is told once and stays', async () => {
  const { schema, told } = start([async () => without('firstName')]);
  await schema.recheck();
  expect(await schema.recheck()).toMatchObject({ field: 'profile.firstName' });
  expect(told).toEqual(['profile.firstName']);
});

test('what was written since the last sound look is suspect, what was written before is not', async () => {
  const held = Promise.withResolvers<FoundSchema>();
  const looks = [
    () => held.promise,
    async () => Promise.reject(new Error('away')),
    async () => without('title'),
  ];
  const { schema } = start(looks);
  schema.noteWritten('before the sound look');
  const sound = schema.recheck();
  while (looks.length === 3) await Promise.resolve();
  schema.noteWritten('during it');
  held.resolve(metadata);
  await sound;
  schema.noteWritten('after it');
  await expect(schema.recheck()).rejects.toThrow('away');
  schema.noteWritten('after the failed look');
  await schema.recheck();
  expect(schema.takeSuspects().sort()).toEqual(['after it', 'after the failed look', 'during it']);
  expect(schema.takeSuspects()).toEqual([]);
});
