import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMPLETE_SINCE, linkEdges, saveCursor, writtenMemory } from '@landbridge/messaging';
import { connected, startWorld, type Running, type World } from '../../test/control-plane-world.ts';

const CHILD = '60c4e274-0000-4000-8000-000000000001';
const PARENT = '60c4e274-0000-4000-8000-0000000000aa';
const EDGE = {
  parentTable: 'account',
  parentKey: PARENT,
  childTable: 'contact',
  childKey: CHILD,
} as const;

let world: World;
let running: Running;
beforeAll(async () => {
  world = await startWorld();
  running = await world.open(await world.createDatabase());
}, 120_000);
afterAll(async () => {
  await running.close();
  await world[Symbol.asyncDispose]();
});

async function openTables() {
  const { instance } = await connected(running);
  const at = { workflow: 'ingress', instance } as const;
  return {
    at,
    memory: (table: string) => writtenMemory(world.bus, { ...at, table }),
    edges: linkEdges(world.bus, at),
    traces: (table: string, id: string) => running.plane.records.traces({ instance, table, id }),
  };
}

test('a memory is complete before its first load, and after it while it says so', async () => {
  const { at, memory, traces } = await openTables();
  expect(await traces('contact', CHILD)).toMatchObject({ memory: null, memoryIsComplete: true });
  await saveCursor(world.bus, { ...at, table: 'contact' }, { phase: 'changes' }, 0);
  expect(await traces('contact', CHILD)).toMatchObject({ memoryIsComplete: false });
  await memory('contact').put(COMPLETE_SINCE, { hash: null, version: null });
  expect(await traces('contact', CHILD)).toMatchObject({ memoryIsComplete: true });
});

test('what was given up names its parent and what became of that', async () => {
  const { memory, edges, traces } = await openTables();
  expect(await traces('contact', CHILD)).toMatchObject({ givenUpFor: null });
  await edges.giveUp(EDGE, ['letter-1']);
  const parent = { table: 'account', key: PARENT };
  expect((await traces('contact', CHILD)).givenUpFor).toEqual({ parent, absence: null });
  await memory('account').put(PARENT, { hash: null, version: null, extra: { absent: 'missing' } });
  expect((await traces('contact', CHILD)).givenUpFor).toEqual({ parent, absence: 'missing' });
});

test('what is about to go names a record that still refers to it', async () => {
  const { memory, edges, traces } = await openTables();
  const entry = { hash: 'h', version: '1' };
  await memory('account').put(PARENT, entry);
  await edges.link(EDGE);
  expect(await traces('account', PARENT)).toMatchObject({ leaving: null });
  await memory('account').put(PARENT, { ...entry, extra: { deleting: 'deleted' } });
  expect((await traces('account', PARENT)).leaving).toEqual({
    because: 'deleted',
    child: { table: 'contact', key: CHILD },
    count: 1,
  });
  await edges.unlink(EDGE);
  expect(await traces('account', PARENT)).toMatchObject({ leaving: null });
});
