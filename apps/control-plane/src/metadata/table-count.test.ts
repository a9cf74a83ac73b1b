import { expect, test } from '@jest/globals';
import { CONTACT } from '../../test/fake-clients.ts';
import { countTable } from './table-count.ts';

const { signal } = new AbortController();

test.each([
  ['small', 3_000, 3_200, { records: 3_200, recordsAre: 'counted' }, 2],
  [
    'new, of which the statistics know nothing yet',
    0,
    40,
    { records: 40, recordsAre: 'counted' },
    2,
  ],
  ['grown past what is counted', 4_000, 5_000, { records: 5_000, recordsAre: 'estimated' }, 2],
  ['large', 81_234, 5_000, { records: 81_234, recordsAre: 'estimated' }, 1],
] as const)('a table that is %s', async (_what, estimate, counted, expected, calls) => {
  let asked = 0;
  const answer = async (value: number) => {
    asked += 1;
    return { value, calls: 1 };
  };
  const client = { totalCount: () => answer(estimate), countTo5000: () => answer(counted) };
  expect(await countTable(client, CONTACT, signal)).toEqual(expected);
  expect(asked).toBe(calls);
});
