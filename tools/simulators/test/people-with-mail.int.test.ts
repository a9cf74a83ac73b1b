import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  startCampaign,
  steer,
  type CampaignControl,
  type CampaignSimulator,
} from '../src/index.ts';
import { campaignCaller } from './callers.ts';

async function journalIds(campaign: CampaignSimulator): Promise<string[]> {
  const call = await campaignCaller(campaign);
  const org = { 'x-ims-org-id': campaign.organizationId };
  const ids: string[] = [];
  let url = `${campaign.eventsUrl}?limit=500`;
  for (;;) {
    const answer = await call('GET', url, undefined, org);
    if (answer.status === 204) return ids;
    const events = answer.json?.['events'] as { event: Record<string, unknown> }[];
    ids.push(...events.map(({ event }) => String(event['@id']).replace('urn:oeid:campaign:', '')));
    url = new URL(/<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1] ?? '', url)
      .href;
  }
}

const withPeople = async (
  options: { seed?: number; dataDirectory?: string; port?: number } = {},
) => {
  const campaign = await startCampaign(options);
  for (let n = 0; n < 50 && campaign.profileCount() < 50; n++) {
    campaign.createProfile({ externalId: `k${n}`, email: `k${n}@x.test` });
  }
  return campaign;
};

test('people send, open, click, bounce, opt out and in; the ledger and the journal agree', async () => {
  await using campaign = await withPeople();
  campaign.act(2_000);
  const { total, byKind, members, lastId } = campaign.ledgerCounts();
  const ledger = campaign.ledger();
  expect([ledger.length, ledger.at(-1)?.id]).toEqual([total, lastId]);
  expect(Object.values(byKind).every((count) => count > 0)).toBe(true);
  expect(members).toBe(ledger.filter(({ member }) => member !== 'none').length);
  expect(members).toBeGreaterThan(0);
  expect(campaign.ledger({ kind: 'bounce', profilesOnly: true })).toHaveLength(byKind.bounce);
  expect(await journalIds(campaign)).toEqual(ledger.map(({ id }) => id));
  expect(ledger.map(({ at }) => at)).toEqual([...ledger.map(({ at }) => at)].sort());
});

test('an unsubscription sets the attribute with its own time, and who opted out gets no mail', async () => {
  await using campaign = await withPeople();
  campaign.act(500);
  const out = campaign
    .ledger({ kind: 'unsubscribe' })
    .find(
      ({ externalId, optOut }) => campaign.profile(externalId)?.[optOut?.attribute ?? ''] === true,
    );
  const profile = campaign.profile(out?.externalId ?? '');
  if (out?.optOut?.attribute !== 'blackListPushnotification') {
    expect(profile?.[`${out?.optOut?.attribute}LastModified`]).not.toBe('');
  }
  for (let n = 0; n < 50; n++) campaign.changeOptOut(`k${n}`, 'blackList', true);
  const before = campaign.ledgerCounts();
  campaign.act(300);
  const after = campaign.ledger({ kind: 'send', profilesOnly: true, after: before.total });
  expect(
    after.every(({ externalId }) => campaign.profile(externalId)?.['blackList'] === false),
  ).toBe(true);
});

test('the same seed brings the same events about', async () => {
  const told = async (seed: number): Promise<string[]> => {
    await using campaign = await withPeople({ seed });
    return campaign.act(200).map(({ id, kind, externalId }) => `${id} ${kind} ${externalId}`);
  };
  const first = await told(7);
  expect(await told(7)).toEqual(first);
  expect(await told(8)).not.toEqual(first);
});

test('opt-outs are found by last-modified filters, where the instance has them', async () => {
  await using campaign = await withPeople();
  const call = await campaignCaller(campaign);
  campaign.setClockSkew(60_000);
  const since = encodeURIComponent(new Date(Date.now() + 30_000).toISOString());
  campaign.changeOptOut('k3', 'blackListFax', true);
  campaign.changeProfile('k4', { firstName: 'Grace' });
  const path = 'profileAndServicesExt/profile';
  const found = async (filter: string): Promise<unknown[]> => {
    const list = `${path}/${filter}?lastModified_parameter=${since}&_order=lastModified`;
    const { json } = await call('GET', list);
    return (json?.['content'] as { externalId: string }[]).map(({ externalId }) => externalId);
  };
  expect(await found('byLastModified')).toEqual(['k3', 'k4']);
  expect(await found('byOptOutLastModified')).toEqual(['k3']);
  const bad = await call('GET', `${path}/byLastModified?lastModified_parameter=soon`);
  expect(bad.status).toBe(500);
  campaign.setSwitches({ lastModifiedFilters: false });
  expect((await call('GET', `${path}/byLastModified?lastModified_parameter=${since}`)).status).toBe(
    404,
  );
});

test('ledger, journal, files and keys outlive a restart', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'landbridge-simulators-'));
  const before = await withPeople({ dataDirectory });
  before.act(100);
  before.writeLogFiles();
  const [ledger, files, sftp] = [before.ledger(), before.files(), before.sftp];
  const ids = await journalIds(before);
  const port = Number(new URL(before.url).port);
  await before.close();
  await fetch(before.url).catch(() => undefined);
  await using after = await withPeople({ dataDirectory, port });
  expect(after.ledger()).toEqual(ledger);
  expect(await journalIds(after)).toEqual(ids);
  expect([after.files(), after.writeLogFiles()]).toEqual([files, []]);
  expect([after.sftp.privateKey, after.sftp.hostKey]).toEqual([sftp.privateKey, sftp.hostKey]);
});

test('a simulator in another process is steered in the same way', async () => {
  await using campaign = await withPeople();
  const far = steer<CampaignControl>(campaign.controlUrl);
  await far.setSwitches({ journalCopies: 2 });
  expect(
    await far.sendMailing({ to: ['k1', 'k2'], opens: 1, clicks: 0, bounces: 0, softBounces: 0 }),
  ).toEqual({ sent: 2, events: 4 });
  expect(await far.changeOptOut('k1', 'ccpaOptOut', true)).toBe(true);
  await expect(far.changeOptOut('nobody', 'ccpaOptOut', true)).rejects.toThrow(/no profile/);
  expect(await far.recordEvents([{ kind: 'click', externalId: 'k1' }])).toHaveLength(1);
  expect((await far.ledgerCounts()).total).toBe(5);
  expect(await far.writeLogFiles()).toHaveLength(2);
  expect(await far.exportOptOuts()).toHaveLength(1);
  expect(await far.files()).toHaveLength(3);
  await far.setActsPerMinute(600_000);
  while ((await far.ledgerCounts()).total < 50);
  await far.setActsPerMinute(0);
  await far.expireJournal();
  expect(await far.journalCount()).toBeGreaterThan(50);
});
