import { expect, jest, test } from '@jest/globals';
import { letPeopleWork, startDataverse } from '../src/index.ts';

/** What `massDeletes.unasked` is by default: so many deletes an hour wait for nobody. */
const UNASKED = 10;

test('people create and change contacts by themselves, and delete too few for a person to be asked', async () => {
  await using dataverse = await startDataverse({ contacts: 200 });
  const ids = dataverse.contactIds();
  const deleted: string[] = [];
  const people = {
    ...dataverse,
    deleteContact: (id: string) => {
      deleted.push(id);
      dataverse.deleteContact(id);
    },
  };
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'Date'] });
  const work = letPeopleWork(people, 60, 1);
  jest.advanceTimersByTime(60 * 60_000);
  work.stop();
  jest.useRealTimers();
  const now = dataverse.contacts();
  const known = new Set(ids);
  expect(now.filter((row) => !known.has(String(row['contactid']))).length).toBeGreaterThan(500);
  expect(
    now.filter((row) => String(row['mobilephone']).startsWith('+33 6')).length,
  ).toBeGreaterThan(500);
  expect(deleted.length).toBeGreaterThan(3);
  expect(deleted.length).toBeLessThan(UNASKED);
});
