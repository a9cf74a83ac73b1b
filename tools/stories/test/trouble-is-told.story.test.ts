import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    services: ['ingress'],
    env: { LANDBRIDGE_HEARTBEAT_TIMEOUT_MS: '4000', LANDBRIDGE_METADATA_MS: '1000' },
  });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

test('poison records end as dead letters and nothing else slows down', async () => {
  const instance = await world.instance({ dynamics: { contacts: 100 } });
  const tooLong = 'x'.repeat(45);
  const poison = [1, 2, 3].map(() => instance.dynamics.createContact({ firstname: tooLong }));
  await instance.starts();
  await instance.untilSettled(100);
  await until(
    'three dead letters in a run that goes on',
    () => instance.view(),
    ({ figures, backlog, status }) => figures.dead === 3 && backlog === 0 && status === 'RUNNING',
  );
  expect(poison.map((id) => instance.campaign.profile(id))).toEqual([null, null, null]);
  const [first] = poison as [string];
  instance.dynamics.changeContact(first, { firstname: 'Short' });
  await until(
    'the mended contact to arrive',
    () => instance.campaign.profile(first)?.['firstName'],
    (name) => name === 'Short',
  );
}, 120_000);

test.each([['dynamics'], ['campaign']] as const)(
  'a mapped column that disappears in %s fails the run with its name, and nothing is lost',
  async (system) => {
    const instance = await world.instance({ dynamics: { contacts: 60 } });
    const { dynamics, campaign } = instance;
    await instance.starts();
    await instance.untilSettled(60);
    if (system === 'dynamics') dynamics.renameColumn('contact', 'mobilephone', 'mobilephone_old');
    else campaign.renameAttribute('profile', 'mobilePhone', 'mobilePhoneOld');
    const born = dynamics.createContact({ lastname: 'Meanwhile' });
    const failed = await until(
      'the run to fail for the missing column',
      () => instance.view(),
      ({ status, failure }) => status === 'FAILED' && failure?.code === 'columnMissing',
    );
    const field = system === 'dynamics' ? 'contact.mobilephone' : 'profile.mobilePhone';
    expect(failed.failure).toMatchObject({ code: 'columnMissing', system, field });
    expect(failed.failure?.message).toContain(field.split('.')[1]);
    expect(failed.actions.start.allowed).toBe(true);

    if (system === 'dynamics') dynamics.renameColumn('contact', 'mobilephone_old', 'mobilephone');
    else campaign.renameAttribute('profile', 'mobilePhoneOld', 'mobilePhone');
    await instance.starts();
    await instance.until({ status: 'RUNNING' });
    await instance.untilSettled(61);
    expect(campaign.profile(born)).not.toBeNull();
  },
  180_000,
);

test('refused credentials fail the run with what to do', async () => {
  const instance = await world.instance({ dynamics: { contacts: 5 } });
  instance.dynamics.setCredentials({ clientSecret: 'another' });
  instance.dynamics.expireAccessTokens();
  await instance.starts();
  const failed = await instance.until({ status: 'FAILED', failure: 'credentialsRefused' });
  expect(failed.failure).toMatchObject({ code: 'credentialsRefused', system: 'dynamics' });
}, 120_000);

test('a silent service shows as FAILED, and as RUNNING again by itself', async () => {
  const instance = await world.instance({ dynamics: { contacts: 10 } });
  await instance.starts();
  await instance.untilSettled(10);
  const [ingress] = world.landbridge.ingress;
  await ingress?.kill({ comesBack: false });
  await instance.until({ status: 'FAILED', failure: 'serviceSilent' });
  const born = instance.dynamics.createContact({ lastname: 'In the silence' });
  await ingress?.revive();
  await instance.until({ status: 'RUNNING' });
  await instance.untilSettled(11);
  expect(instance.campaign.profile(born)).not.toBeNull();
}, 120_000);

test('an unreachable source is a condition, not a failure, and goes by itself', async () => {
  const instance = await world.instance({ dynamics: { contacts: 10 } });
  await instance.starts();
  await instance.untilSettled(10);
  await instance.dynamics.goAway();
  await until(
    'the condition SourceUnreachable of a run that goes on',
    () => instance.view(),
    ({ conditions, status }) =>
      conditions.some(({ type }) => type === 'SourceUnreachable') && status === 'RUNNING',
  );
  await instance.dynamics.comeBack();
  await until(
    'the condition to go',
    () => instance.view(),
    (seen) => seen.conditions.every(({ type }) => type !== 'SourceUnreachable'),
    { timeoutMs: 60_000 },
  );
}, 120_000);
