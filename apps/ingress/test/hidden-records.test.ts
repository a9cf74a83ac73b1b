import { expect, test } from '@jest/globals';
import { heldEdges, isHidden } from '../src/linking/standing.ts';
import { LinkSweep } from '../src/linking/sweep.ts';
import { deletion, idOf } from './builders.ts';
import { refusal } from './fake-campaign.ts';
import { ACCOUNT, ada, LANDED, start, WAITING } from './linked-writer.ts';

const ADA = idOf(1);
const GONE = { kind: 'skipped', reason: 'alreadyGone' };

/** Ada was written with her account, and Campaign hides her because the account went there. */
async function startHidden() {
  const world = await start();
  await world.accounts.put(ACCOUNT, LANDED);
  await world.write(ada('1'));
  world.inCampaign.delete(ACCOUNT);
  world.campaign.hidden.add(ADA);
  world.campaign.calls.length = 0;
  const comesBack = (): void => {
    world.inCampaign.add(ACCOUNT);
    world.campaign.hidden.delete(ADA);
  };
  return { ...world, comesBack };
}

test('a record that Campaign hides is deleted as soon as its parent is shown again', async () => {
  const { edges, memory, campaign, write, comesBack } = await startHidden();
  expect(await write(deletion())).toEqual({ ...WAITING, calls: 2 });
  expect([...edges.waiting.values()]).toMatchObject([{ state: 'leaving' }]);
  expect(edges.linked.size).toBe(0);
  expect(isHidden(await memory.get(ADA))).toBe(true);
  // Asked for once more while nothing has changed.
  expect(await write(deletion())).toEqual({ ...WAITING, calls: 2 });
  comesBack();
  expect(await write(deletion())).toEqual({ kind: 'written', calls: 1 });
  expect(campaign.records).toEqual([]);
  expect(edges.waiting.size).toBe(0);
  expect(heldEdges(await memory.get(ADA)).waiting).toEqual([]);
  expect(await write(deletion())).toEqual(GONE);
});

test('a parent that comes back between the delete and the look at it is noticed', async () => {
  const { campaign, edges, write, inCampaign, comesBack } = await startHidden();
  campaign.faults.push(refusal('notFound'));
  comesBack();
  expect(inCampaign.has(ACCOUNT)).toBe(true);
  expect(await write(deletion())).toEqual({ kind: 'written', calls: 3 });
  expect([campaign.records, edges.waiting.size]).toEqual([[], 0]);
});

test('what somebody deleted in Campaign by hand is gone when its parents are shown, and nothing waits', async () => {
  const { accounts, campaign, edges, memory, write } = await start();
  await accounts.put(ACCOUNT, LANDED);
  await write(ada('1'));
  campaign.records.length = 0;
  expect(await write(deletion())).toEqual({ ...GONE, calls: 3 });
  expect(edges.waiting.size + edges.linked.size).toBe(0);
  expect(isHidden(await memory.get(ADA))).toBe(false);
});

test('what is hidden for its empty link waits for nobody, and is remembered to be deleted', async () => {
  const { campaign, edges, memory, write } = await start();
  await write(ada('1', null));
  campaign.hidden.add(ADA);
  expect(await write(deletion())).toEqual({ ...GONE, calls: 1 });
  expect(edges.waiting.size).toBe(0);
  expect(isHidden(await memory.get(ADA))).toBe(true);
  campaign.hidden.clear();
  expect(await write(deletion())).toEqual({ kind: 'written', calls: 1 });
});

test('what was given up for want of its parent is deleted when that comes after all', async () => {
  const { accounts, edges, campaign, write, comesBack } = await startHidden();
  await accounts.put(ACCOUNT, { hash: null, version: '2', extra: { absent: 'filteredOut' } });
  expect(await write(ada('2'))).toMatchObject({ reason: { code: 'parentFilteredOut' } });
  expect(edges.givenUp.size).toBe(1);
  expect(await write(deletion())).toMatchObject(WAITING);
  expect([edges.givenUp.size, edges.waiting.size]).toEqual([0, 1]);
  comesBack();
  expect(await write(deletion())).toMatchObject({ kind: 'written' });
  expect(campaign.records).toEqual([]);
});

test('a record that comes back in Dynamics while Campaign hides it is written when it is shown', async () => {
  const { campaign, edges, memory, write, comesBack } = await startHidden();
  await write(deletion());
  expect(await write(ada('1'))).toEqual({ kind: 'skipped', reason: 'superseded' });
  expect(await write(ada('2'))).toMatchObject(WAITING);
  expect([...edges.waiting.values()]).toMatchObject([{ state: 'hidden' }]);
  comesBack();
  expect(await write(ada('2'))).toMatchObject({ kind: 'written' });
  expect(campaign.records).toMatchObject([{ name: 'Ada 2', parent: ACCOUNT }]);
  expect(edges.waiting.size).toBe(0);
  expect(isHidden(await memory.get(ADA))).toBe(false);
});

test('the sweep asks for what hides while its parent is said to be there, and not while that has gone', async () => {
  const { accounts, edges, asked, memory, write } = await startHidden();
  await write(deletion());
  const sweep = new LinkSweep({
    table: 'account',
    memory: accounts,
    linking: { edges, readAgain: async ({ table, key }) => void asked.push(`${table} ${key}`) },
    children: new Map([['contact', memory]]),
  });
  const { signal } = new AbortController();
  const startedMs = Date.now();
  const sweepsAfter = (minutes: number): Promise<void> => {
    edges.now = () => startedMs + minutes * 60_000;
    return sweep.run(true, signal, edges.now);
  };
  await sweepsAfter(0.5);
  expect(asked).toEqual([]);
  await sweepsAfter(2);
  expect(asked).toEqual([`contact ${ADA}`]);
  await accounts.put(ACCOUNT, { hash: null, version: '2', extra: { deleted: true } });
  await sweepsAfter(4);
  expect(asked).toHaveLength(1);
  expect(edges.waiting.size).toBe(1);
});

test.each([
  ['was written without a parent', null],
  ['lost its parent', ACCOUNT],
] as const)(
  'a record that %s and is hidden asks a person, by the name of its link',
  async (_how, first) => {
    const { accounts, edges, campaign, write } = await start();
    await accounts.put(ACCOUNT, LANDED);
    await write(ada('1', first));
    await write(ada('2', null));
    campaign.hidden.add(ADA);
    expect(await write(ada('3', null))).toMatchObject({
      kind: 'rejected',
      calls: 2,
      reason: {
        code: 'hiddenByCampaign',
        message: expect.stringContaining('cardinality of parent'),
      },
    });
    expect(edges.waiting.size).toBe(0);
    // Somebody made the cardinality 0 or 1.
    campaign.hidden.clear();
    expect(await write(ada('3', null))).toMatchObject({ kind: 'written' });
    expect(campaign.records).toMatchObject([{ name: 'Ada 3', parent: '' }]);
  },
);

test('a record that was never written and whose value another one has is no hidden one', async () => {
  const { campaign, write } = await start();
  campaign.faults.push(refusal('duplicateKey'));
  expect(await write(ada('1', null))).toMatchObject({ reason: { code: 'duplicateValue' } });
});
