import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import type { OptinInstance, OptinSettings } from '../src/optin-instance.ts';
import { type OptinWorld, startOptinWorld } from '../src/optin-world.ts';

let world: OptinWorld;
beforeAll(async () => {
  world = await startOptinWorld();
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

const POLLED: OptinSettings = {
  direction: 'bidirectional',
  source: 'poll',
  mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListEmail' }],
  toleratedSkewSeconds: 300,
  poll: { everySeconds: 1 },
};

const MINUTE = 60_000;
/** Campaign’s time against Dynamics’; null: never changed in Campaign. */
const AHEAD = { newer: 10 * MINUTE, withinSkew: 2 * MINUTE, older: -10 * MINUTE, never: null };
type Ahead = keyof typeof AHEAD;
type Case = { dynamics: boolean; campaign: boolean; ahead: Ahead; holds: boolean; rule: string };

/** Every case of the rule; `holds` is what both sides say afterwards. */
const CASES: Case[] = [
  ...(['newer', 'withinSkew', 'older', 'never'] as const).flatMap((ahead): Case[] => [
    { dynamics: true, campaign: true, ahead, holds: true, rule: 'agree' },
    { dynamics: false, campaign: false, ahead, holds: false, rule: 'agree' },
  ]),
  { dynamics: true, campaign: false, ahead: 'newer', holds: false, rule: 'campaignNewer' },
  { dynamics: false, campaign: true, ahead: 'newer', holds: true, rule: 'campaignNewer' },
  { dynamics: true, campaign: false, ahead: 'withinSkew', holds: true, rule: 'withinSkew' },
  { dynamics: false, campaign: true, ahead: 'withinSkew', holds: true, rule: 'withinSkew' },
  { dynamics: true, campaign: false, ahead: 'older', holds: true, rule: 'dynamicsNewerOrEqual' },
  { dynamics: false, campaign: true, ahead: 'older', holds: true, rule: 'dynamicsNewerOrEqual' },
  { dynamics: true, campaign: false, ahead: 'never', holds: true, rule: 'dynamicsNewerOrEqual' },
  { dynamics: false, campaign: true, ahead: 'never', holds: true, rule: 'dynamicsNewerOrEqual' },
];

/** People have acted on both sides, each case on a contact of its own. */
function act(instance: OptinInstance): Map<string, Case> {
  const byContact = new Map<string, Case>();
  for (const [index, id] of instance.profilesForAll().entries()) {
    const one = CASES[index];
    if (one === undefined) continue;
    byContact.set(id, one);
    // Whatever it was, the change of another column makes Dynamics’ time now.
    instance.dynamics.changeContact(id, { donotbulkemail: one.dynamics, jobtitle: `Job ${index}` });
    const modifiedOn = Date.parse(String(instance.dynamics.contact(id)?.['modifiedon']));
    const ahead = AHEAD[one.ahead];
    const changedAt = ahead === null ? '' : new Date(modifiedOn + ahead).toISOString();
    instance.campaign.changeProfile(id, {
      blackListEmail: one.campaign,
      blackListEmailLastModified: changedAt.replace('T', ' '),
    });
  }
  return byContact;
}

const READS_OF = {
  dynamics: { path: 'contacts?' },
  campaign: { path: 'byLastModified' },
} as const;

test.each([
  { first: 'campaign', second: 'dynamics' },
  { first: 'dynamics', second: 'campaign' },
] as const)(
  'all cases of the rule, told by $first first',
  async ({ first, second }) => {
    const instance = await world.instance({ dynamics: { contacts: CASES.length } });
    const cases = act(instance);
    // The other side cannot be read until the first one's news are settled.
    const fault = instance[second].addFault({
      ...READS_OF[second],
      fault: { kind: 'status', status: 503 },
    });
    await instance.starts(POLLED);
    const toDecide = [...cases].filter(([, { dynamics, campaign }]) => dynamics !== campaign);
    const told = toDecide.filter(
      ([, one]) => first === 'campaign' || one.dynamics, // a load tells of opt-outs alone
    );
    await until(
      'what the first side tells',
      () => told.filter(([id, { holds }]) => !bothHold(instance, id, holds)),
      (missing) => missing.length === 0,
    );
    instance[second].removeFault(fault);
    await until(
      'all of it',
      () => [...cases].filter(([id, { holds }]) => !bothHold(instance, id, holds)),
      (missing) => missing.length === 0,
    );
    await instance.settled();
    for (const [id, one] of toDecide) {
      const decisions = await instance.decisions(id);
      const decided = decisions.filter(({ written }) => written !== 'nothing');
      expect(decided).toHaveLength(1);
      expect(decided[0]).toMatchObject({
        rule: one.rule,
        value: one.holds,
        dynamics: { value: one.dynamics },
        campaign: { value: one.campaign },
        written: one.holds === one.dynamics ? 'campaign' : 'dynamics',
      });
    }
    await instance.stops();
  },
  120_000,
);

test('our own write does not make Dynamics newer for another opt-out', async () => {
  const instance = await world.instance({ dynamics: { contacts: 1 } });
  const [id = ''] = instance.profilesForAll();
  const SMS = { column: 'donotphone', attribute: 'blackListMobile' };
  instance.dynamics.changeContact(id, { donotbulkemail: false, donotphone: true });
  const modifiedOn = Date.parse(String(instance.dynamics.contact(id)?.['modifiedon']));
  const inMinutes = (minutes: number) =>
    new Date(modifiedOn + minutes * MINUTE).toISOString().replace('T', ' ');
  instance.campaign.changeProfile(id, {
    blackListEmail: true,
    blackListEmailLastModified: inMinutes(10),
    blackListMobile: true,
    blackListMobileLastModified: inMinutes(-60),
  });
  // What we write counts as of an hour from now: later than whatever Campaign says below.
  instance.dynamics.setClockSkew(60 * MINUTE);
  await instance.starts({
    ...POLLED,
    mappings: [
      { dynamics: 'donotbulkemail', campaign: 'denyListEmail' },
      { dynamics: 'donotphone', campaign: 'denyListMobile' },
    ],
  });
  await until(
    'the opt-out in Dynamics',
    () => instance.sides(id),
    ({ dynamics }) => dynamics === true,
  );
  await instance.settled();
  instance.campaign.changeProfile(id, {
    blackListMobile: false,
    blackListMobileLastModified: inMinutes(20),
  });
  await until(
    'the opt-in in Dynamics',
    () => instance.sides(id, SMS),
    ({ dynamics, campaign }) => dynamics === false && campaign === false,
  );
  const [decided] = (await instance.decisions(id)).filter(
    ({ attribute }) => attribute === 'denyListMobile',
  );
  expect(decided?.dynamics.comparedAs).toBe(new Date(modifiedOn).toISOString());
  expect(decided?.dynamics.modifiedOn).not.toBe(decided?.dynamics.comparedAs);
  await instance.stops();
}, 120_000);

test.each([5, -5])(
  'clocks that are %i minutes apart turn no opt-out into an opt-in',
  async (minutes) => {
    const instance = await world.instance({ dynamics: { contacts: 6 } });
    const ids = instance.profilesForAll();
    instance.dynamics.setClockSkew(minutes * MINUTE);
    for (const id of ids) instance.campaign.changeOptOut(id, 'blackListEmail', true);
    for (const id of ids) instance.campaign.changeOptOut(id, 'blackListEmail', false);
    // The last thing that happened is an opt-out in Dynamics.
    for (const id of ids) instance.dynamics.changeContact(id, { donotbulkemail: true });
    await instance.starts(POLLED);
    await until(
      'the opt-outs in Campaign',
      () => ids.filter((id) => !bothHold(instance, id, true)),
      (missing) => missing.length === 0,
    );
    await instance.settled();
    expect(ids.every((id) => bothHold(instance, id, true))).toBe(true);
    await instance.stops();
  },
  120_000,
);

function bothHold(instance: OptinInstance, id: string, value: boolean): boolean {
  const { dynamics, campaign } = instance.sides(id);
  return dynamics === value && campaign === value;
}
