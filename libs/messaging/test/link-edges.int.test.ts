import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InstanceId } from '@landbridge/contracts';
import { edgesOfChild, edgesOfParent, linkEdges, waitingCount } from '../src/index.ts';
import { type Fixture, SERVERS, startBus } from './bus-fixture.ts';

describe.each(SERVERS)('links between records, on the %s nats-server', (which) => {
  let nats: Fixture;
  let made = 0;
  beforeAll(async () => {
    nats = await startBus(which);
  });
  afterAll(async () => nats[Symbol.asyncDispose]());

  function open() {
    made += 1;
    const instance = InstanceId.parse(`links-${made}`);
    const at = { workflow: 'ingress', instance } as const;
    return { at, edges: linkEdges(nats.bus, at) };
  }
  const edge = (parentKey: string, childKey: string, childTable = 'contact') => ({
    parentTable: 'account',
    parentKey,
    childTable,
    childKey,
  });
  async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
    const found: Item[] = [];
    for await (const item of items) found.push(item);
    return found;
  }

  test('an edge is kept once, found from both ends, and counted while it waits', async () => {
    const { at, edges } = open();
    const strange = edge('A.1 *>', 'c/1');
    await edges.wait(strange, 'waiting');
    await edges.wait(strange, 'asked');
    await edges.wait(edge('A2', 'c2'), 'waiting');
    await edges.link(edge('A2', 'c/1'));
    const contacts = { ...at, table: 'contact' };
    expect(await waitingCount(nats.bus, contacts)).toBe(2);
    expect(await waitingCount(nats.bus, { ...at, table: 'lead' })).toBe(0);
    expect(await edgesOfChild(nats.bus, contacts, 'c/1')).toMatchObject({
      linked: [edge('A2', 'c/1')],
      waiting: [{ ...strange, state: 'asked' }],
    });
    expect(await edgesOfParent(nats.bus, { ...at, table: 'account' }, 'A2')).toMatchObject({
      linked: [edge('A2', 'c/1')],
      waiting: [{ ...edge('A2', 'c2'), state: 'waiting' }],
    });
    await edges.stopWaiting(strange);
    await edges.stopWaiting(strange);
    await edges.unlink(edge('A2', 'c/1'));
    expect(await edgesOfChild(nats.bus, contacts, 'c/1')).toEqual({ linked: [], waiting: [] });
  });

  test('what waits for a table is told oldest first, and a walk goes on where it stopped', async () => {
    const { edges } = open();
    for (const key of ['1', '2', '3']) await edges.wait(edge(`A${key}`, key), 'waiting');
    const [first, ...others] = await all(edges.waitingFor({ table: 'account' }));
    expect(others.map(({ childKey }) => childKey)).toEqual(['2', '3']);
    const afterSequence = first?.sequence ?? 0;
    expect(await all(edges.waitingFor({ table: 'account', afterSequence }))).toEqual(others);
    expect(await all(edges.waitingFor({ table: 'account', key: 'A4' }))).toEqual([]);
    expect(await all(edges.waitingFor({ table: 'contact' }))).toEqual([]);
  });

  test('a deletion that waits is kept until it is taken away', async () => {
    const { edges } = open();
    const parent = { table: 'account', key: 'A.1' };
    await edges.markDeleting(parent);
    await edges.markDeleting(parent);
    expect(await all(edges.deletions('account'))).toMatchObject([{ key: 'A.1' }]);
    await edges.unmarkDeleting(parent);
    expect(await all(edges.deletions('account'))).toEqual([]);
  });

  test('what was given up is found from both ends with its letters, and waits for nobody', async () => {
    const { at, edges } = open();
    const account = { table: 'account', key: 'A.1' };
    expect(await edges.isReferredTo(account)).toBe(false);
    await edges.giveUp(edge('A.1', 'c1'), ['letter-1']);
    await edges.giveUp(edge('A.1', 'c1'), ['letter-1', 'letter-2']);
    await edges.giveUp(edge('A2', 'c2'), []);
    const given = { ...edge('A.1', 'c1'), letters: ['letter-1', 'letter-2'] };
    expect(await all(edges.givenUpTo(account))).toMatchObject([given]);
    expect(await all(edges.givenUpBy({ table: 'contact', key: 'c1' }))).toMatchObject([given]);
    expect(await all(edges.givenUpTo({ table: 'account' }))).toHaveLength(2);
    expect(await edges.isReferredTo(account)).toBe(true);
    expect(await waitingCount(nats.bus, { ...at, table: 'contact' })).toBe(0);
    await edges.takeBack(edge('A.1', 'c1'));
    await edges.takeBack(edge('A.1', 'c1'));
    expect(await all(edges.givenUpBy({ table: 'contact', key: 'c1' }))).toEqual([]);
    expect(await edges.isReferredTo(account)).toBe(false);
  });
});
