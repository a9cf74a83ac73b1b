import { expect, test } from '@jest/globals';
import type { Edge } from '@landbridge/messaging';
import fc from 'fast-check';
import { ABOVE, keyOf, LinkWorld, type Table, TABLES } from './link-world.ts';

const COUNT = 2;
const indexes = fc.integer({ min: 0, max: COUNT - 1 });
const parents = fc.option(indexes);
const table = fc.constantFrom(...TABLES);
const trouble = {
  kills: fc.uniqueArray(fc.integer({ min: 1, max: 250 }), { maxLength: 6 }),
  faults: fc.uniqueArray(
    fc.tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('busy' as const, 'lost reply' as const),
    ),
    { maxLength: 6, selector: ([call]) => call },
  ),
  scheduler: fc.scheduler(),
};
const everyRow = TABLES.flatMap((of) =>
  Array.from({ length: COUNT }, (_, index) => ({ of, index })),
);

type Trouble = {
  scheduler: fc.Scheduler;
  kills: number[];
  faults: [number, 'busy' | 'lost reply'][];
};

/** Lets `arrange` write to Dynamics, and everything else happen in any order, until it is at rest. */
async function run(
  { scheduler, kills, faults }: Trouble,
  arrange: (world: LinkWorld) => void,
): Promise<LinkWorld> {
  const wait = () => scheduler.schedule(Promise.resolve());
  const world = new LinkWorld({ wait, kills, faults: new Map(faults) });
  arrange(world);
  await scheduler.waitFor(world.settles());
  return world;
}

const rowOf = (world: LinkWorld, of: Table, index: number) =>
  world.rows.get(`${of}/${keyOf(of, index)}`);
/** In Campaign, and not as a dead letter itself of which no write is known. */
const isParentThere = (world: LinkWorld, of: Table, parent: string | null) => {
  const above = ABOVE[of];
  if (above === null || parent === null || world.isInDoubt(above, parent)) return false;
  return world.inCampaign(above).has(parent);
};
const named = (edges: Iterable<Edge>) =>
  [...edges].map((edge) => [edge.childTable, edge.childKey, edge.parentKey].join(' ')).sort();

test('whatever order linked records arrive in, and whatever breaks, each lands after its parent', async () => {
  const all = fc.tuple(...everyRow.map(() => parents));
  const moves = fc.array(fc.record({ of: table, index: indexes, parent: parents }), {
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.record({ all, moves, ...trouble }),
      async ({ all: first, moves: then, ...broken }) => {
        const world = await run(broken, (fresh) => {
          for (const [at, { of, index }] of everyRow.entries())
            fresh.save(of, index, first[at] ?? null);
          for (const { of, index, parent } of then) fresh.save(of, index, parent);
        });
        expect(world.campaign.early).toEqual([]);
        const refused = [...world.outcomes.values()].filter(({ kind }) => kind === 'rejected');
        expect(refused).toEqual([]);
        for (const { of, index } of everyRow) {
          const there = world.inCampaign(of).get(keyOf(of, index));
          expect(there?.parent).toBe(rowOf(world, of, index)?.parent ?? '');
        }
        expect(named(world.edges.linked.values())).toEqual(named(world.linksInCampaign()));
      },
    ),
    { numRuns: 150 },
  );
}, 120_000);

test('deleting and making anew comes to rest, and leaves nothing that refers to nobody unexplained', async () => {
  const changes = fc.array(
    fc.record({ of: table, index: indexes, parent: parents, gone: fc.boolean() }),
    { minLength: 4, maxLength: 14 },
  );
  await fc.assert(
    fc.asyncProperty(fc.record({ changes, ...trouble }), async ({ changes: made, ...broken }) => {
      const world = await run(broken, (fresh) => {
        for (const { of, index, parent, gone } of made) {
          if (gone) fresh.remove(of, index);
          else fresh.save(of, index, parent);
        }
      });
      expect(world.campaign.early).toEqual([]);
      for (const { of, index } of everyRow) {
        const key = keyOf(of, index);
        const row = rowOf(world, of, index);
        const there = world.inCampaign(of).get(key);
        const isDead = world.outcomes.get(`${of}/${key}`)?.kind === 'rejected';
        // Dead is only whose parent is not there, and no letter is open of what went after all.
        if (isDead && row !== undefined) expect(isParentThere(world, of, row.parent)).toBe(false);
        if (!isDead) expect(world.letters.get(`${of}/${key}`) ?? []).toEqual([]);
        if (row === undefined) expect(there).toBeUndefined();
        else if (!isDead) {
          expect(there?.parent).toBe(row.parent ?? '');
          const above = ABOVE[of];
          if (above !== null && row.parent !== null) {
            expect(world.inCampaign(above).has(row.parent)).toBe(true);
          }
        }
      }
    }),
    { numRuns: 150 },
  );
}, 120_000);

test('whatever was given up, and whatever is in doubt after kills, goes once its parents are there', async () => {
  const changes = fc.array(
    fc.record({ of: table, index: indexes, parent: parents, gone: fc.boolean() }),
    { minLength: 4, maxLength: 14 },
  );
  await fc.assert(
    fc.asyncProperty(fc.record({ changes, ...trouble }), async ({ changes: made, ...broken }) => {
      const world = await run(broken, (fresh) => {
        for (const { of, index, parent, gone } of made) {
          if (gone) fresh.remove(of, index);
          else fresh.save(of, index, parent);
        }
      });
      for (let index = 0; index < COUNT; index += 1) world.save('account', index, null);
      await broken.scheduler.waitFor(world.settles());
      expect(world.campaign.early).toEqual([]);
      for (const { of, index } of everyRow) {
        const row = rowOf(world, of, index);
        const above = ABOVE[of];
        const isParentKept =
          above === null || !row?.parent || world.rows.has(`${above}/${row.parent}`);
        if (row === undefined || !isParentKept) continue;
        expect(world.inCampaign(of).get(keyOf(of, index))?.parent).toBe(row.parent ?? '');
        expect(world.letters.get(`${of}/${keyOf(of, index)}`) ?? []).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
}, 120_000);

test('what was given up goes by itself when its parent comes after all, without the sweep', async () => {
  await fc.assert(
    fc.asyncProperty(indexes, fc.scheduler(), async (index, scheduler) => {
      const wait = () => scheduler.schedule(Promise.resolve());
      const world = new LinkWorld({ wait, kills: [], faults: new Map() });
      world.save('account', index, null);
      world.remove('account', index);
      await scheduler.waitFor(world.works());
      world.save('contact', 0, index);
      world.save('vehicle', 0, 0);
      await scheduler.waitFor(world.works());
      expect(world.outcomes.get(`contact/${keyOf('contact', 0)}`)?.kind).toBe('rejected');
      expect(world.inCampaign('vehicle').size).toBe(0);
      world.save('account', index, null);
      await scheduler.waitFor(world.works());
      expect(world.inCampaign('contact').size).toBe(1);
      await scheduler.waitFor(world.settles());
      expect(world.inCampaign('vehicle').size).toBe(1);
      expect([...world.letters]).toEqual([]);
      expect(world.edges.givenUp.size).toBe(0);
    }),
    { numRuns: 200 },
  );
}, 120_000);

test('where nothing breaks nothing waits for the sweep', async () => {
  const all = fc.tuple(...everyRow.map(() => parents));
  await fc.assert(
    fc.asyncProperty(all, fc.scheduler(), async (links, scheduler) => {
      const world = new LinkWorld({
        wait: () => scheduler.schedule(Promise.resolve()),
        kills: [],
        faults: new Map(),
      });
      for (const [at, { of, index }] of everyRow.entries())
        world.save(of, index, links[at] ?? null);
      await scheduler.waitFor(world.works());
      expect(named(world.edges.waiting.values())).toEqual([]);
      expect(named(world.edges.linked.values())).toEqual(named(world.linksInCampaign()));
    }),
    { numRuns: 300 },
  );
}, 120_000);

test('a record that comes while its parent is being deleted never lands after it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const wait = () => scheduler.schedule(Promise.resolve());
      const world = new LinkWorld({ wait, kills: [], faults: new Map() });
      world.save('account', 0, null);
      await scheduler.waitFor(world.works());
      world.save('contact', 0, 0);
      world.remove('account', 0);
      await scheduler.waitFor(world.works());
      expect(world.campaign.early).toEqual([]);
      expect(world.inCampaign('account').size).toBe(0);
      expect(world.edges.linked.size).toBe(0);
      const { kind } = world.outcomes.get(`contact/${keyOf('contact', 0)}`) ?? {};
      expect(kind).toBe('rejected');
    }),
    { numRuns: 500 },
  );
}, 120_000);

test('what Campaign hides is changed and deleted once its parents are shown again', async () => {
  const change = fc.record({ of: table, index: indexes, gone: fc.boolean() });
  const arbitrary = fc.record({
    purged: fc.array(fc.record({ of: fc.constantFrom('account', 'contact'), index: indexes })),
    changes: fc.array(change, { minLength: 2, maxLength: 6 }),
    ...trouble,
  });
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ purged, changes, ...broken }) => {
      const world = await run(broken, (fresh) => {
        fresh.campaign.hides = true;
        for (const { of, index } of everyRow) fresh.save(of, index, index);
      });
      for (const { of, index } of purged) world.purge(of, index);
      for (const { of, index, gone } of changes) {
        if (gone) world.remove(of, index);
        else if (rowOf(world, of, index) !== undefined) world.save(of, index, index);
      }
      await broken.scheduler.waitFor(world.works());
      for (const { of, index } of everyRow) {
        if (of !== 'vehicle') world.save(of, index, index);
      }
      await broken.scheduler.waitFor(world.settles());
      for (const { of, index } of everyRow) {
        expect(world.isShown(of, index)).toBe(rowOf(world, of, index) !== undefined);
      }
    }),
    { numRuns: 150 },
  );
}, 120_000);
