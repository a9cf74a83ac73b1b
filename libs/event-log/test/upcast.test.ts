import { expect, test } from '@jest/globals';
import type { RecordedEvent } from '../src/index.ts';
import { registerUpcaster } from '../src/index.ts';
import { upcastWith } from '../src/upcast.ts';
import { event } from './log-fixture.ts';

const recorded = (schemaVersion: number, data: RecordedEvent['data']): RecordedEvent => ({
  ...event('NameGiven', data),
  schemaVersion,
  position: 1n,
  streamId: 's',
  streamVersion: 1,
  recordedAt: new Date(0),
});

const split = registerUpcaster('NameGiven', 1, ({ name }) => ({ names: [name ?? null] }));
const wrap = registerUpcaster('NameGiven', 2, ({ names }) => ({ given: { names: names ?? [] } }));

test('upcasters lead step by step from the stored shape to the newest', () => {
  const upcast = upcastWith([wrap, split]);
  const newest = { schemaVersion: 3, data: { given: { names: ['Ada'] } } };
  expect(upcast(recorded(1, { name: 'Ada' }))).toMatchObject(newest);
  expect(upcast(recorded(2, { names: ['Ada'] }))).toMatchObject(newest);
  expect(upcast(recorded(3, { given: { names: ['Ada'] } }))).toMatchObject(newest);
});

test('an upcaster leaves what it is not for as it is', () => {
  const other = { ...recorded(1, { name: 'Ada' }), type: 'Other' };
  expect(upcastWith([split])(other)).toBe(other);
});

test('two upcasters from one version are a mistake', () => {
  expect(() => upcastWith([split, split])).toThrow(RangeError);
});
