import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { creates, family, makesLink, savesLinkedTables } from '../src/linked-tables.ts';
import { questionsAbout } from '../src/record-questions.ts';
import type { StoryInstance } from '../src/story-instance.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    services: ['ingress'],
    ingressReplicas: 2,
    env: { LANDBRIDGE_VERIFY_PASS_RECORDS: '150' },
  });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

async function restart(instance: StoryInstance): Promise<void> {
  await instance.stops();
  await instance.until({ status: 'STOPPED' });
  await instance.starts();
  await instance.until({ status: 'RUNNING' });
}

/** Deletes contacts while deletes are not applied, and applies them again afterwards. */
async function leaveOver(instance: StoryInstance, ids: readonly string[]): Promise<void> {
  await instance.edits((mapping) => ({ ...mapping, applyDeletes: false }));
  await restart(instance);
  for (const id of ids) instance.dynamics.deleteContact(id);
  await until(
    'the deletes to have been left alone',
    async () => (await instance.view()).figures.skipped['deletesNotApplied'] ?? 0,
    (count) => count >= ids.length,
    { timeoutMs: 60_000 },
  );
  await instance.edits((mapping) => ({ ...mapping, applyDeletes: true }));
  await restart(instance);
}

test('a verification finds exactly what was planted, and a repair mends it', async () => {
  const instance = await world.instance({
    dynamics: { contacts: 600 },
    campaign: { profiles: 50 },
  });
  const { dynamics, campaign } = instance;
  const questions = questionsAbout(world, instance);
  await instance.starts();
  await instance.untilSettled(650);
  const ids = dynamics.contactIds();
  const leftOver = ids.slice(0, 4);
  const missing = ids.slice(10, 15);
  const different = ids.slice(20, 26);
  const others = campaign.profiles().filter((profile) => profile['externalId'] === '').length;
  await leaveOver(instance, leftOver);
  for (const id of missing) campaign.deleteProfile(id);
  for (const id of different) campaign.changeProfile(id, { location: { city: 'Elsewhere' } });
  // Decoys: somebody else's record under a key of ours that was never written, and live changes.
  campaign.createProfile({ externalId: 'of-others', lastName: 'Decoy' });
  const changing = ids.slice(100, 140);

  expect(await questions.forecast()).toMatchObject({ passCount: 4, recordsAre: 'counted' });
  await questions.verify({ rate: 2_000 });
  const editing = setInterval(() => {
    for (const id of changing) {
      if (Math.random() < 0.2) dynamics.changeContact(id, { lastname: `At ${Date.now()}` });
    }
  }, 100);
  const done = await questions.untilPhase('done', 'failed').finally(() => clearInterval(editing));
  expect(done).toMatchObject({ phase: 'done', message: null });
  const found = (kind: string) =>
    done.figures.samples.filter((one) => one.kind === kind).map(({ id }) => id);
  expect(found('leftOver').sort()).toEqual([...leftOver].sort());
  expect(found('missing').sort()).toEqual([...missing].sort());
  expect(found('different').sort()).toEqual([...different].sort());
  expect(done.figures).toMatchObject({
    missing: 5,
    different: 6,
    leftOver: 4,
    byField: { 'location.city': 6 },
    comparedCount: 596,
  });
  // Pages, and a call for each that seemed to differ: nothing like a call for each record.
  expect(done.figures.calls.campaign).toBeLessThan(100);

  await questions.repair();
  expect(await questions.untilPhase('done', 'failed')).toMatchObject({
    figures: { queuedAgain: 15 },
  });
  await until(
    'Campaign to be mended',
    () => ({
      missing: missing.filter((id) => campaign.profile(id) === null).length,
      leftOver: leftOver.filter((id) => campaign.profile(id) !== null).length,
      different: different.filter((id) =>
        JSON.stringify(campaign.profile(id)).includes('Elsewhere'),
      ).length,
    }),
    (left) => left.missing + left.leftOver + left.different === 0,
    { timeoutMs: 60_000 },
  );
  expect(campaign.profile('of-others')).not.toBeNull();
  expect(campaign.profiles().filter((profile) => profile['externalId'] === '').length).toBe(others);
  await instance.until({ backlog: 0 });
  await questions.verify();
  expect((await questions.untilPhase('done', 'failed')).figures).toMatchObject({
    missing: 0,
    different: 0,
    leftOver: 0,
  });
}, 300_000);

test.each([['column'], ['key']] as const)(
  'a link by %s that leads to the wrong parent in Campaign is found by its name, and mended',
  async (by) => {
    const instance = await world.instance();
    const { dynamics, campaign } = instance;
    const link = makesLink(campaign, by, 'zeroOrOne');
    await savesLinkedTables(world, instance, { contact: { links: [link] } });
    const make = creates(dynamics);
    const numbers = Array.from({ length: 30 }, (_, index) => index);
    for (const index of numbers) {
      make.account(index);
      make.contact(index);
    }
    await instance.starts();
    await instance.untilSettled(30);
    const { contact: wrong, account: right } = family(3);
    const { contact: lost } = family(4);
    campaign.changeProfile(wrong, { [link.campaign]: family(7).account });
    campaign.changeProfile(lost, { [link.campaign]: '' });
    const questions = questionsAbout(world, instance);
    const { verdict, evidence } = await questions.explain(wrong);
    expect(verdict).toMatchObject({ kind: 'different', missing: false, fields: [link.campaign] });
    const { records } = await questions.preview({ ids: [wrong] });
    expect(records).toMatchObject([{ outcome: 'update', changes: [link.campaign] }]);
    for (const fields of [evidence.campaign?.fields, records[0]?.fields]) {
      const differing = fields?.filter(({ differs }) => differs) ?? [];
      expect(differing.map(({ campaign: name }) => name)).toEqual([link.campaign]);
    }

    await questions.verify({ repair: true });
    const done = await questions.untilPhase('done', 'failed');
    expect(done.figures).toMatchObject({
      missing: 0,
      different: 2,
      leftOver: 0,
      byField: { [link.campaign]: 2 },
      comparedCount: 30,
    });
    expect(done.figures.samples.map(({ id }) => id).sort()).toEqual([wrong, lost].sort());
    await until(
      'the link to be mended',
      () => JSON.stringify(campaign.profile(wrong)?.[link.campaign]),
      (held) => held.includes(right),
      { timeoutMs: 60_000 },
    );
    await instance.until({ backlog: 0 });
    await questions.verify();
    expect((await questions.untilPhase('done', 'failed')).figures).toMatchObject({ different: 0 });
  },
  300_000,
);

test('kill -9 of ingress in the middle of a verification changes nothing of its findings', async () => {
  const instance = await world.instance({ dynamics: { contacts: 600 } });
  const { dynamics, campaign } = instance;
  const questions = questionsAbout(world, instance);
  await instance.starts();
  await instance.untilSettled(600);
  const different = dynamics.contactIds().filter((_id, index) => index % 60 === 0);
  for (const id of different) campaign.changeProfile(id, { lastName: 'Planted' });
  await questions.verify({ rate: 600 });
  await until(
    'the first pass to be done',
    questions.verification,
    ({ figures }) => figures.passIndex >= 1,
    { timeoutMs: 60_000 },
  );
  await Promise.all(world.landbridge.ingress.map((replica) => replica.kill()));
  const done = await questions.untilPhase('done', 'failed');
  expect(done.figures).toMatchObject({ different: different.length, comparedCount: 600 });
  expect(done.figures.samples.map(({ id }) => id).sort()).toEqual([...different].sort());
}, 300_000);
