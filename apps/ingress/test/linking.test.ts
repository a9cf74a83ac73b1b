import { expect, test } from '@jest/globals';
import { isAbsence, standingOf } from '@landbridge/messaging';
import fc from 'fast-check';
import { heldEdges, isGivenUp, union, withEdges, without } from '../src/linking/standing.ts';
import { LinkSweep } from '../src/linking/sweep.ts';
import { idOf } from './builders.ts';
import { refusal } from './fake-campaign.ts';
import { ACCOUNT, ada, LANDED, start, WAITING } from './linked-writer.ts';

test('what waits is settled without a call, and says in the memory and in the edges for whom', async () => {
  const { edges, memory, campaign, write } = await start();
  expect(await write(ada('1'))).toEqual(WAITING);
  expect(campaign.calls).toEqual([]);
  expect([...edges.waiting.keys()]).toEqual([`account/${ACCOUNT}/contact/${idOf(1)}`]);
  expect(standingOf(await memory.get(idOf(1)))).toBe('waiting');
});

test('a parent that landed costs its child no call more, also when the child is unchanged', async () => {
  const { accounts, edges, campaign, write } = await start();
  await accounts.put(ACCOUNT, LANDED);
  expect(await write(ada('1'))).toEqual({ kind: 'written', calls: 1 });
  expect(await write(ada('1'))).toEqual({ kind: 'skipped', reason: 'unchanged' });
  expect(campaign.records).toMatchObject([{ parent: ACCOUNT }]);
  expect(edges.linked.size).toBe(1);
});

test('an emptied lookup clears the link and takes the edge away', async () => {
  const { accounts, edges, campaign, write } = await start();
  await accounts.put(ACCOUNT, LANDED);
  await write(ada('1'));
  expect(await write(ada('2', null))).toEqual({ kind: 'written', calls: 1 });
  expect(campaign.records).toMatchObject([{ parent: '' }]);
  expect(edges.linked.size).toBe(0);
});

test.each([
  ['filteredOut', 'parentFilteredOut'],
  ['deleted', 'parentDeleted'],
  ['rejected', 'parentRejected'],
  ['missing', 'parentMissing'],
] as const)('a parent that is %s makes a dead letter at once', async (absent, code) => {
  const { accounts, edges, write } = await start();
  await accounts.put(ACCOUNT, { hash: null, version: null, extra: { absent } });
  expect(await write(ada('1'))).toMatchObject({
    kind: 'rejected',
    reason: { code, message: expect.stringContaining(`account ${ACCOUNT}`) },
  });
  expect(edges.waiting.size + edges.linked.size).toBe(0);
});

test('what is given up remembers its letters, and closes them when its parent has come', async () => {
  const { accounts, edges, released, campaign, memory, write } = await start();
  await accounts.put(ACCOUNT, { hash: null, version: null, extra: { absent: 'filteredOut' } });
  await write(ada('1'));
  await write(ada('2'));
  const [edge] = edges.givenUp.values();
  expect(edge?.letters).toEqual(['letter-1', 'letter-2']);
  expect(released).toEqual([]);
  await accounts.put(ACCOUNT, LANDED);
  expect(await write(ada('3'))).toEqual({ kind: 'written', calls: 1 });
  expect(campaign.records).toMatchObject([{ parent: ACCOUNT }]);
  expect(released).toEqual([`${idOf(1)} letter-1 letter-2`]);
  expect(edges.givenUp.size).toBe(0);
  expect(isGivenUp(await memory.get(idOf(1)))).toBe(false);
});

test('a parent that comes while its child is given up is seen', async () => {
  const { accounts, edges, released, write } = await start();
  await accounts.put(ACCOUNT, { hash: null, version: null, extra: { absent: 'filteredOut' } });
  const put = edges.giveUp;
  edges.giveUp = async (edge, letters) => {
    await put(edge, letters);
    await accounts.put(ACCOUNT, LANDED);
  };
  expect(await write(ada('1'))).toEqual({ kind: 'written', calls: 1 });
  expect(edges.givenUp.size).toBe(0);
  expect(released).toEqual([]);
});

test('the sweep asks for what was given up once its parent is there, and no sooner', async () => {
  const { accounts, edges, asked, memory, write } = await start();
  await accounts.put(ACCOUNT, { hash: null, version: null, extra: { absent: 'missing' } });
  await write(ada('1'));
  const sweep = new LinkSweep({
    table: 'account',
    memory: accounts,
    linking: { edges, readAgain: async ({ table, key }) => void asked.push(`${table} ${key}`) },
    children: new Map([['contact', memory]]),
  });
  const { signal } = new AbortController();
  const inMinutes = (minutes: number) => () => Date.now() + minutes * 60_000;
  await sweep.run(true, signal, inMinutes(2));
  expect(asked).toEqual([]);
  await accounts.put(ACCOUNT, LANDED);
  await sweep.run(true, signal, inMinutes(4));
  await sweep.run(true, signal, inMinutes(4.5));
  expect(asked).toEqual([`contact ${idOf(1)}`]);
});

test('a record that Campaign does not show after it was written is parked, and is no error', async () => {
  const { accounts, edges, campaign, write } = await start();
  await accounts.put(ACCOUNT, LANDED);
  await write(ada('1'));
  campaign.faults.push(refusal('notFound'), refusal('duplicateKey'));
  expect(await write(ada('2'))).toEqual({ ...WAITING, calls: 2 });
  expect([...edges.waiting.values()]).toMatchObject([{ state: 'hidden' }]);
  expect(await write(ada('2'), 2)).toEqual({ kind: 'written', calls: 1 });
  expect(edges.waiting.size).toBe(0);
});

test('a record that is made again in Campaign has those written again that refer to it by key', async () => {
  const { edges, asked, linking, campaign, write } = await start();
  Object.assign(linking, { isTarget: true, nestedIn: new Set(['new_vehicle']) });
  const parent = { parentTable: 'contact', parentKey: idOf(1) };
  await write(ada('1', null));
  await edges.link({ ...parent, childTable: 'new_vehicle', childKey: idOf(5) });
  await edges.link({ ...parent, childTable: 'new_plain', childKey: idOf(6) });
  expect(await write(ada('2', null))).toEqual({ kind: 'written', calls: 1 });
  expect(asked.filter((one) => one.endsWith('anew'))).toEqual([]);
  campaign.records.length = 0;
  expect(await write(ada('3', null))).toEqual({ kind: 'written', calls: 2 });
  expect(asked.filter((one) => one.endsWith('anew'))).toEqual([`new_vehicle ${idOf(5)} anew`]);
});

test('the sweep asks again for what waits, and for a parent that nobody has seen', async () => {
  const { accounts, edges, asked, memory, write } = await start();
  await write(ada('1'));
  const sweep = new LinkSweep({
    table: 'account',
    memory: accounts,
    linking: { edges, readAgain: async ({ table, key }) => void asked.push(`${table} ${key}`) },
    children: new Map([['contact', memory]]),
  });
  const { signal } = new AbortController();
  const inMinutes = (minutes: number) => () => Date.now() + minutes * 60_000;
  await sweep.run(false, signal, inMinutes(1));
  expect(asked).toEqual([]);
  await sweep.run(true, signal, inMinutes(2));
  expect(asked).toEqual([`account ${ACCOUNT}`]);
  await accounts.put(ACCOUNT, LANDED);
  await sweep.run(true, signal, inMinutes(4));
  expect(asked.at(-1)).toBe(`contact ${idOf(1)}`);
  await memory.put(idOf(1), LANDED);
  await sweep.run(true, signal, inMinutes(6));
  expect(edges.waiting.size).toBe(0);
});

const ends = fc.uniqueArray(
  fc.record({ table: fc.constantFrom('account', 'contact'), key: fc.uuid() }),
  { selector: ({ table, key }) => `${table}/${key}` },
);

test('the memory gives back the edges that it was given, and keeps what else it knew', () => {
  fc.assert(
    fc.property(ends, ends, fc.option(fc.string()), (linked, waiting, hash) => {
      const entry = { hash, version: '7', extra: { key: 'own' } };
      const held = withEdges(entry, { linked, waiting });
      expect(heldEdges(held)).toEqual({ linked, waiting });
      expect(withEdges(held, { linked: [], waiting: [] })).toEqual(entry);
      expect(isAbsence(standingOf(held))).toBe(false);
    }),
  );
});

test('sets of edges behave as sets', () => {
  fc.assert(
    fc.property(ends, ends, (one, other) => {
      expect(union(one, other)).toHaveLength(one.length + without(other, one).length);
      expect(without(union(one, other), other)).toEqual(without(one, other));
    }),
  );
});
