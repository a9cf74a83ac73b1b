import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  NO_VERIFICATION_FIGURES,
  VerificationBody,
  VerificationForecast,
  type HistoryEntry,
  type VerificationPhase,
} from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import {
  by,
  connected,
  PAGE,
  startReplica,
  startWorld,
  type Replica,
  type Running,
  type World,
} from '../../test/control-plane-world.ts';
import { FIRST, revision } from '../../test/workflow-builders.ts';

let world: World;
let running: Running;
const replicas: Replica[] = [];
beforeAll(async () => {
  world = await startWorld();
  running = await world.open(await world.createDatabase());
}, 120_000);
afterAll(async () => {
  for (const replica of replicas) replica.silence();
  await running.close();
  await world[Symbol.asyncDispose]();
});

const FORECAST = VerificationForecast.parse({
  recordCount: 40,
  passCount: 1,
  calls: { dynamics: 2, campaign: 1 },
  message: 'About 3 calls.',
});

/** Of a table that nobody maps no letter is retried. */
const TWO_TABLES = FIRST.mappings.flatMap((contact) => [
  contact,
  { ...contact, dynamicsTable: 'account', campaignResource: 'cusCompany' },
]);

/** A running ingress whose records are refused and whose tables are compared. */
async function startRun() {
  const { plane } = running;
  const key = await connected(running);
  const runId = (await plane.workflows.start(key, by('ann'))).runId!;
  const replica = startReplica(world.bus, key, [runId]);
  replicas.push(replica);
  await replica.report(runId, { kind: 'runStarted', revision: revision(1) });
  await until(
    'the run to be taken up',
    () => plane.workflows.get(key),
    ({ status }) => status === 'RUNNING',
  );
  const contact = { instance: key.instance, table: 'contact' };
  const letters = async () => (await plane.deadLetters.list(key, PAGE)).items;
  return {
    key,
    plane,
    contact,
    refuse: async (deadLetterId: string, record: string, table = 'contact') => {
      const reason = { code: 'valueTooLong', message: 'firstName takes 30 characters' };
      const letter = { deadLetterId, table, key: record, reason, attempts: 1 };
      await replica.report(runId, { kind: 'recordDead', ...letter });
      await until(`the letter ${deadLetterId}`, letters, (open) =>
        open.some(({ id }) => id === deadLetterId),
      );
    },
    progress: async (verificationId: string, phase: VerificationPhase) => {
      const figures = { ...NO_VERIFICATION_FIGURES, comparedCount: 40, missing: 3, leftOver: 1 };
      const verification = { verificationId, table: 'contact', message: null, figures };
      await replica.report(runId, {
        kind: 'verificationProgressed',
        verification: { ...verification, phase },
      });
      await until(
        `the verification to be ${phase}`,
        () => plane.verifications.newest(contact),
        (newest) => newest.phase === phase,
      );
    },
    verify: () =>
      plane.verifications.request(contact, VerificationBody.parse({}), FORECAST, by('eve')),
    /** Of dead letters and verifications alone. */
    history: async () =>
      (await plane.workflows.history(key, PAGE)).items.filter(({ type }) =>
        /^(DeadLetter|Verification|Repair)/.test(type),
      ),
  };
}

const told = (entries: HistoryEntry[]) => entries.map((entry) => `${entry.by}: ${entry.summary}`);

test('history tells who retried and who discarded a dead letter, and why', async () => {
  const { key, plane, refuse, history } = await startRun();
  await refuse('letter-1', 'one');
  await refuse('letter-2', 'two');
  await plane.deadLetters.retry(key, 'letter-1', by('bob'));
  await plane.deadLetters.discard(key, 'letter-2', 'left the company', by('eve'));
  const [newest, before] = await history();
  expect(newest).toMatchObject({
    by: 'eve',
    type: 'DeadLetterDiscarded',
    summary: 'The dead letter of contact two was discarded: left the company',
    data: { deadLetterId: 'letter-2', note: 'left the company' },
  });
  expect(before).toMatchObject({
    by: 'bob',
    type: 'DeadLetterRetried',
    summary: 'The dead letter of contact one was retried',
    data: { deadLetterId: 'letter-1' },
  });
});

test('a retry of all is one entry with its count, however many letters there were', async () => {
  const { key, plane, refuse, history } = await startRun();
  for (const record of ['one', 'two', 'three']) await refuse(`letter-${record}`, record);
  await plane.deadLetters.retryAll(key, {}, by('bob', 'once'));
  await plane.deadLetters.retryAll(key, {}, by('bob', 'once'));
  expect((await history())[0]).toMatchObject({
    by: 'bob',
    type: 'DeadLetterRetried',
    summary: '3 dead letters of contact were retried',
    data: { table: 'contact', count: 3 },
  });
  const { revision: newest } = await plane.workflows.configuration(key);
  await plane.workflows.saveConfiguration(key, { mappings: TWO_TABLES }, newest, by('ann'));
  await refuse('letter-four', 'four');
  await refuse('letter-five', 'five', 'account');
  await plane.deadLetters.retryAll(key, {}, by('eve'));
  const entries = await history();
  expect(entries[0]).toMatchObject({ by: 'eve', summary: '2 dead letters were retried' });
  expect(entries.filter(({ type }) => type === 'DeadLetterRetried')).toHaveLength(2);
});

test('history tells who had a table verified, called it off or had it mended, and how it ended', async () => {
  const { plane, contact, progress, verify, history } = await startRun();
  const { verificationId } = await verify();
  await progress(verificationId, 'comparing');
  await progress(verificationId, 'done');
  await plane.verifications.repair(contact, by('bob'));
  await progress(verificationId, 'failed');
  await verify();
  await plane.verifications.cancel(contact, by('bob'));
  expect(told(await history())).toEqual([
    'bob: The verification of contact was called off',
    'eve: A verification of contact was requested',
    'ingress: The verification of contact failed',
    'bob: What differs in contact was to be queued again',
    'ingress: The verification of contact is done: 40 compared, 3 missing, 0 different, 1 left over',
    'eve: A verification of contact was requested',
  ]);
});

test('pages hold every entry once, in the order of the log, whatever it is about', async () => {
  const { key, plane, refuse, verify, contact } = await startRun();
  for (const record of ['one', 'two', 'three', 'four']) {
    await refuse(`letter-${record}`, record);
    await verify();
    await plane.deadLetters.discard(key, `letter-${record}`, 'not wanted', by('eve'));
    await plane.verifications.cancel(contact, by('bob'));
    await plane.connections.put(key.instance, 'sftp', SFTP, by('ann'));
  }
  const all = await plane.workflows.history(key, PAGE);
  expect(all.next).toBeNull();
  const newest = BigInt(all.items[0]!.position);
  const positions = all.items.map(({ position }) => BigInt(position));
  expect(positions).toEqual([...positions].sort((one, other) => (one < other ? 1 : -1)));
  const paged: HistoryEntry[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof plane.workflows.history>> = await plane.workflows.history(
      key,
      { cursor, limit: 3 },
    );
    paged.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  // What the watchdog told meanwhile is newer.
  expect(paged.filter(({ position }) => BigInt(position) <= newest)).toEqual(all.items);
});

const SFTP = { host: 'sftp.example', port: 22, user: 'u', privateKey: 'k', directory: '/' };
