import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { ALL_EVENTS, TABLES } from '../src/egress-instance.ts';
import { type EgressWorld, startEgressWorld } from '../src/egress-world.ts';

let world: EgressWorld;
beforeAll(async () => {
  world = await startEgressWorld();
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

test('each event becomes one activity on its contact’s timeline, in the order of the times', async () => {
  const instance = await world.instance({ dynamics: { contacts: 60 } });
  const ids = instance.profilesForAll();
  instance.campaign.sendMailing({ members: 5, bounces: 0.1, softBounces: 0.1 });
  await instance.starts();
  const expected = instance.expected();
  await instance.untilWritten(expected);
  expect(instance.activityCount()).toBe(expected.length);
  const [contact] = ids as [string];
  const told = instance.dynamics.timeline(contact).map(({ at, table }) => [table, at]);
  const happened = expected
    .filter(({ externalId }) => externalId === contact)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const tables = new Map<string, string>(Object.entries(TABLES));
  expect(told.map(([table]) => table)).toEqual(happened.map(({ kind }) => tables.get(kind)));
  const sortable = instance.dynamics.timeline(contact).map(({ at, row }) => [row['sortdate'], at]);
  expect(sortable.every(([sortDate, at]) => sortDate === at)).toBe(true);
  const click = expected.find(({ kind }) => kind === 'click')!;
  const [row] = instance.dynamics
    .rows(TABLES.click)
    .filter((one) => one['_regardingobjectid_value'] === click.externalId);
  expect(row).toMatchObject({
    subject: expect.stringContaining(click.delivery.name),
    adobe_campaignname: click.delivery.campaignName,
    adobe_deliveryname: click.delivery.name,
    adobe_trackingurl: click.link!.url,
    adobe_mirrorpageurl: click.mirrorPage,
  });
}, 120_000);

test('a journal that tells everything twice and out of order makes one activity of each', async () => {
  const switches = { journalCopies: 2, journalShuffled: true };
  const instance = await world.instance({ dynamics: { contacts: 200 }, campaign: { switches } });
  instance.profilesForAll();
  await instance.starts();
  for (let mailing = 0; mailing < 3; mailing += 1) instance.campaign.sendMailing();
  const expected = instance.expected();
  await instance.untilWritten(expected);
  await until(
    'both tellings of each event',
    () => instance.figures('send'),
    ({ read }) => read >= 1_200,
  );
  await instance.untilEmpty();
  expect(instance.activityCount()).toBe(expected.length);
}, 120_000);

test('a forgotten position is gone on from with the oldest event, and the history says so', async () => {
  const instance = await world.instance({ dynamics: { contacts: 40 } });
  instance.profilesForAll();
  const runId = await instance.starts();
  instance.campaign.sendMailing();
  await instance.untilWritten(instance.expected());
  await instance.stops();
  instance.campaign.sendMailing({ deliveryName: 'LOST' });
  instance.campaign.expireJournal();
  const before = instance.activityCount();
  instance.campaign.sendMailing({ deliveryName: 'KEPT' });
  const later = await instance.starts();
  expect(later).not.toBe(runId);
  const reset = await instance.reportOf('cursorReset', later);
  expect(reset).toMatchObject({ table: 'journal' });
  expect(reset.reason).toMatch(/oldest event that it keeps, of \d{4}-/);
  const kept = instance.expected().filter(({ delivery }) => delivery.name === 'KEPT');
  await until(
    'what the journal still has',
    () => instance.activityCount(),
    (count) => count === before + kept.length,
  );
}, 120_000);

test('kill -9 between a batch and its acknowledgement doubles nothing and loses nothing', async () => {
  const instance = await world.instance({ dynamics: { contacts: 300 } });
  instance.profilesForAll();
  // The rows are there, and the answer that says so never leaves.
  instance.dynamics.addFault({
    call: ['action', 'batch'],
    times: 2,
    fault: { kind: 'dropReply' },
  });
  await instance.starts();
  for (let mailing = 1; mailing <= 3; mailing += 1) {
    instance.campaign.sendMailing();
    const soMany = instance.activityCount();
    await until(
      'more activities before the kill',
      () => instance.activityCount(),
      (count) => count > soMany,
      { timeoutMs: 60_000, everyMs: 5 },
    );
    await world.kill();
    await world.start();
  }
  const expected = instance.expected();
  await instance.untilWritten(expected, 90_000);
  expect(instance.dynamics.faults()).toMatchObject([{ met: 2 }]);
  expect(instance.activityCount()).toBe(expected.length);
}, 240_000);

test('of a batch of 1,000 with 7 bad events 993 are written and 7 become dead letters', async () => {
  const instance = await world.instance({ dynamics: { contacts: 1_000 } });
  const ids = instance.profilesForAll();
  const bad = new Set([3, 141, 262, 500, 501, 777, 999]);
  instance.campaign.recordEvents(
    ids.map((externalId, index) => ({
      kind: 'click' as const,
      externalId,
      ...(bad.has(index) ? { url: `https://example.com/${'x'.repeat(2_500)}` } : {}),
    })),
  );
  await instance.starts();
  const letters = await until(
    'the dead letters',
    () => instance.deadLetters(),
    ({ length }) => length === 7,
    { timeoutMs: 60_000 },
  );
  await instance.untilEmpty();
  expect(new Set(letters.map(({ reason }) => reason.code))).toEqual(new Set(['valueTooLong']));
  expect(letters[0]!.reason.message).toContain('adobe_emailclick.adobe_trackingurl');
  expect(instance.activityCount()).toBe(993);
}, 120_000);

test('an event whose contact appears later is written then, and one whose never does is parked', async () => {
  const instance = await world.instance({ dynamics: { contacts: 20 } });
  const born = 'aaaaaaaa-0000-4000-8000-000000000001';
  const never = 'aaaaaaaa-0000-4000-8000-000000000002';
  instance.campaign.recordEvents([
    { kind: 'send', externalId: born },
    { kind: 'send', externalId: never },
    ...instance.profilesForAll().map((externalId) => ({ kind: 'send' as const, externalId })),
  ]);
  await instance.starts({ ...ALL_EVENTS, contactWaitMinutes: 60 });
  await until(
    'all others, and two that wait',
    () => ({ written: instance.activityCount(), skipped: instance.figures('send').skipped }),
    ({ written, skipped }) => written === 20 && skipped['waitingForContact'] === 2,
  );
  await world.kill();
  await world.start();
  instance.dynamics.createContact({ contactid: born });
  await until(
    'the activity of the new contact',
    () => instance.dynamics.timeline(born).length,
    (count) => count === 1,
    { timeoutMs: 60_000 },
  );
  expect(await instance.deadLetters()).toEqual([]);
  await instance.stops();
  await instance.starts({ ...ALL_EVENTS, contactWaitMinutes: 0 });
  const [letter] = await until(
    'the dead letter',
    () => instance.deadLetters(),
    ({ length }) => length === 1,
  );
  expect(letter!.reason.code).toBe('contactMissing');
  instance.dynamics.createContact({ contactid: never });
  await instance.retries(letter!);
  await until(
    'the activity of the retried event',
    () => instance.dynamics.timeline(never).length,
    (count) => count === 1,
  );
  await until(
    'the letter to be gone',
    () => instance.deadLetters(),
    ({ length }) => length === 0,
  );
  expect(instance.activityCount()).toBe(22);
}, 180_000);

test('a table or column that is missing is named before anything is read', async () => {
  const instance = await world.instance({ dynamics: { contacts: 5 } });
  instance.profilesForAll();
  instance.campaign.sendMailing();
  instance.dynamics.renameColumn(TABLES.open, 'adobe_openedon', 'adobe_dateopened');
  const failed = await instance.reportOf('runFailed', await instance.starts());
  expect(failed.failure).toMatchObject({
    code: 'columnMissing',
    system: 'dynamics',
    field: 'adobe_emailopen.adobe_openedon',
  });
  expect(instance.activityCount()).toBe(0);
  const own = { open: { table: 'adobe_emailopen', date: 'adobe_dateopened' } };
  await instance.starts({ ...ALL_EVENTS, activities: own });
  await instance.untilWritten(instance.expected());
}, 120_000);

test('a column that goes while events are written ends the run with its name, and loses none', async () => {
  const instance = await world.instance({ dynamics: { contacts: 50 } });
  instance.profilesForAll();
  const runId = await instance.starts();
  instance.campaign.sendMailing();
  await instance.untilWritten(instance.expected());
  instance.dynamics.removeColumn(TABLES.send, 'adobe_deliveryname');
  instance.campaign.sendMailing();
  const failed = await instance.reportOf('runFailed', runId);
  expect(failed.failure.field).toBe('adobe_emailsend.adobe_deliveryname');
  expect(await instance.deadLetters()).toEqual([]);
  instance.dynamics.addColumn(TABLES.send, {
    name: 'adobe_deliveryname',
    type: 'string',
    lengthMax: 200,
  });
  await instance.starts();
  const expected = instance.expected();
  await instance.untilWritten(expected);
  expect(instance.activityCount()).toBe(expected.length);
}, 120_000);
