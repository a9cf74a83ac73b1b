import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RecordExplanation } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import { questionsAbout, type RecordQuestions } from '../src/record-questions.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'] });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

const explained = (
  { explain }: RecordQuestions,
  id: string,
  kind: RecordExplanation['verdict']['kind'],
) =>
  until(
    `${id} to be ${kind}`,
    () => explain(id),
    ({ verdict }) => verdict.kind === kind,
    { timeoutMs: 60_000, everyMs: 50 },
  );

test('one call says why a contact is or is not in Campaign, through all that may befall it', async () => {
  const instance = await world.instance({ dynamics: { contacts: 40 } });
  const { dynamics, campaign } = instance;
  const questions = questionsAbout(world, instance);
  const id = dynamics.contactIds({ top: 1 })[0]!;
  expect((await questions.explain(id)).verdict).toEqual({
    kind: 'notReadYet',
    because: 'neverStarted',
  });

  await instance.starts();
  await instance.untilSettled(40);
  const inStep = await explained(questions, id, 'inStep');
  expect(inStep.summary).toMatch(/^The contact is in Campaign as it is in Dynamics 365/);
  expect(inStep.configuration).toMatchObject({ from: 'activeRun', editPending: false });

  const profile = campaign.profile(id)!;
  campaign.changeProfile(id, { lastName: 'Somebody else' });
  const different = await questions.explain(id);
  expect(different.verdict).toMatchObject({ kind: 'different', fields: ['lastName'] });
  campaign.changeProfile(id, { lastName: profile['lastName']! });
  campaign.deleteProfile(id);
  expect((await questions.explain(id)).verdict).toMatchObject({ kind: 'different', missing: true });

  const outage = campaign.addFault({
    call: ['insert', 'update'],
    fault: { kind: 'status', status: 503 },
  });
  dynamics.changeContact(id, { lastname: 'Waiting' });
  await explained(questions, id, 'queued');
  campaign.removeFault(outage);
  await explained(questions, id, 'inStep');

  const dead = dynamics.createContact({ lastname: 'Refused', firstname: 'A'.repeat(31) });
  expect(await explained(questions, dead, 'dead')).toMatchObject({
    summary: expect.stringContaining('longer than the attribute takes'),
  });

  const theirs = randomUUID();
  campaign.createProfile({ externalId: theirs, lastName: 'By hand' });
  dynamics.createContact({ contactid: theirs, lastname: 'Ours' });
  expect(await explained(questions, theirs, 'notOurs')).toMatchObject({
    summary: expect.stringContaining('adoptExisting'),
  });
  expect((await questions.preview({ ids: [theirs] })).records).toMatchObject([
    { outcome: 'notOurs', changes: [] },
  ]);
  expect(campaign.profile(theirs)).toMatchObject({ lastName: 'By hand' });

  dynamics.deleteContact(id);
  await instance.untilSettled(40);
  expect(await explained(questions, id, 'notInDynamics')).toMatchObject({
    verdict: { stillInCampaign: false },
  });
  // The quickest of ten: what a call costs, whatever else the machine does meanwhile.
  const took: number[] = [];
  for (const one of dynamics.contactIds({ top: 10 }))
    took.push((await questions.explain(one)).tookMs);
  expect(Math.min(...took)).toBeLessThan(1_000);
}, 180_000);

test('a preview tries a draft on real contacts, and the filter that was saved is explained', async () => {
  const instance = await world.instance({ dynamics: { contacts: 30 } });
  const { dynamics, campaign } = instance;
  const questions = questionsAbout(world, instance);
  await instance.starts();
  await instance.untilSettled(30);
  const [one = '', two = ''] = dynamics.contactIds({ top: 2 });
  dynamics.changeContact(two, { lastname: 'Left out' });
  await explained(questions, two, 'inStep');

  const draft = await instance.mapping();
  const filter = { dynamics: 'lastname', is: 'ne', value: 'left OUT' };
  const tried = await questions.preview({ mapping: { ...draft, filter }, ids: [two, one] });
  expect(tried.records).toMatchObject([
    {
      id: two,
      outcome: 'leftOut',
      summary: 'It is left out because lastname ("Left out") equals "left OUT".',
    },
    { id: one, outcome: 'nothing', changes: [] },
  ]);
  const [last] = (await questions.preview({ last: 1 })).records;
  expect(last?.id).toBe(two);
  campaign.changeProfile(one, { lastName: 'Other' });
  expect((await questions.preview({ ids: [one] })).records).toMatchObject([
    { outcome: 'update', changes: ['lastName'] },
  ]);
  expect(campaign.profile(one)).toMatchObject({ lastName: 'Other' });

  await instance.edits((mapping) => ({
    ...mapping,
    filter: { dynamics: 'lastname', is: 'ne', value: 'left OUT' },
  }));
  expect((await questions.explain(two)).configuration).toMatchObject({ editPending: true });
  await instance.stops();
  await instance.until({ status: 'STOPPED' });
  await instance.starts();
  await instance.until({ status: 'RUNNING' });
  expect(await explained(questions, two, 'filteredOut')).toMatchObject({
    verdict: { stillInCampaign: true },
    summary: expect.stringMatching(
      /^The contact is left out because lastname \("Left out"\) equals "left OUT"\./,
    ),
  });
}, 180_000);
