import { expect, test } from '@jest/globals';
import { createTokenSource, type Token } from '../src/token-source.ts';

/** An authority that hands out t1, t2, … when told to, and a clock to turn. */
function authority(lifetimeMs = 3_600_000) {
  const waiting: PromiseWithResolvers<Token>[] = [];
  let nowMs = 0;
  const source = createTokenSource(
    () => {
      const one = Promise.withResolvers<Token>();
      waiting.push(one);
      return one.promise;
    },
    () => nowMs,
  );
  return {
    source,
    asked: () => waiting.length,
    grants: () => waiting.at(-1)!.resolve({ value: `t${waiting.length}`, lifetimeMs }),
    refuses: (error: Error) => waiting.at(-1)!.reject(error),
    turnTo: (ms: number) => {
      nowMs = ms;
    },
  };
}

test('however many ask, one token is fetched', async () => {
  const { source, asked, grants } = authority();
  const all = Promise.all(Array.from({ length: 50 }, () => source.get()));
  grants();
  expect(new Set(await all)).toEqual(new Set(['t1']));
  expect(asked()).toBe(1);
});

test('a token is renewed minutes before its end', async () => {
  const { source, asked, grants, turnTo } = authority();
  const first = source.get();
  grants();
  await first;
  turnTo(3_299_000);
  expect(await source.get()).toBe('t1');
  turnTo(3_301_000);
  const second = source.get();
  expect(asked()).toBe(2);
  grants();
  expect(await second).toBe('t2');
});

test('an early renewal that fails leaves the token in use, and is not tried at each call', async () => {
  const { source, asked, grants, refuses, turnTo } = authority();
  const first = source.get();
  grants();
  await first;
  turnTo(3_301_000);
  const second = source.get();
  refuses(new Error('down'));
  expect(await second).toBe('t1');
  expect(await source.get()).toBe('t1');
  expect(asked()).toBe(2);
  turnTo(3_600_001);
  const third = source.get();
  refuses(new Error('still down'));
  await expect(third).rejects.toThrow('still down');
});

test('a token with a short life is not renewed all the time', async () => {
  const { source, grants, asked, turnTo } = authority(60_000);
  const first = source.get();
  grants();
  await first;
  turnTo(40_000);
  await source.get();
  expect(asked()).toBe(1);
});

test('many who were refused with one token bring one new one', async () => {
  const { source, asked, grants } = authority();
  const first = source.get();
  grants();
  await first;
  const all = Promise.all(Array.from({ length: 20 }, () => source.renew('t1')));
  grants();
  expect(new Set(await all)).toEqual(new Set(['t2']));
  expect(await source.renew('t1')).toBe('t2');
  expect(asked()).toBe(2);
});

test('a failed request for a token does not stick', async () => {
  const { source, grants, refuses } = authority();
  const first = source.get();
  refuses(new Error('down'));
  await expect(first).rejects.toThrow('down');
  const second = source.get();
  grants();
  expect(await second).toBe('t2');
});

test('one caller leaving takes nothing from the others', async () => {
  const { source, asked, grants } = authority();
  const leaving = new AbortController();
  const left = source.get(leaving.signal);
  const stays = source.get();
  leaving.abort(new Error('leaving'));
  await expect(left).rejects.toThrow('leaving');
  grants();
  expect(await stays).toBe('t1');
  await expect(source.get(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect(asked()).toBe(1);
});
