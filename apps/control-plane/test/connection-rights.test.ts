import { expect, test } from '@jest/globals';
import {
  EgressConfiguration,
  IngressConfiguration,
  OptinConfiguration,
} from '@landbridge/contracts';
import { DataverseRequestError } from '@landbridge/dynamics';
import { testCampaign } from '../src/connections/test-campaign.ts';
import { testDynamics } from '../src/connections/test-dynamics.ts';
import type { Uses } from '../src/connections/uses.ts';
import { CONTACT, fakeClients, PROFILE } from './fake-clients.ts';

const uses = (over: Partial<Uses> = {}): Uses => ({
  ingress: IngressConfiguration.parse({ mappings: [] }),
  egress: EgressConfiguration.parse({ events: { send: true } }),
  optin: OptinConfiguration.parse({
    direction: 'bidirectional',
    source: 'poll',
    mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListEmail' }],
  }),
  ...over,
});
const OFF: Uses = uses({
  egress: EgressConfiguration.parse({}),
  optin: OptinConfiguration.parse({}),
});

const names = ({ checks }: { checks: { check: string }[] }) => checks.map(({ check }) => check);
const failed = ({ checks }: { checks: { check: string; passed: boolean }[] }) =>
  checks.filter(({ passed }) => !passed).map(({ check }) => check);

function systems() {
  const { dynamics, campaign, journal } = fakeClients();
  const [column] = CONTACT.columns;
  const [field] = PROFILE.fields;
  if (column === undefined || field === undefined) throw new Error('There are no columns');
  const columns = [...CONTACT.columns, { ...column, name: 'donotbulkemail' }];
  dynamics.table = async () => ({ value: { ...CONTACT, columns }, calls: 1 });
  const fields = [...PROFILE.fields, { ...field, name: 'blackListEmail' }];
  campaign.resource = async () => ({ value: { ...PROFILE, fields }, calls: 1 });
  return { dynamics, campaign, journal };
}

test('the rights follow from what is configured, and one that is needed twice is tried once', async () => {
  const { dynamics, campaign, journal } = systems();
  expect(names(await testDynamics(dynamics, uses()))).toEqual([
    ...['signIn', 'metadata:contact', 'changeTracking:contact', 'read:contact'],
    ...['create:adobe_emailsend', 'append:adobe_emailsend', 'appendTo:contact', 'write:contact'],
    ...['columns:contact', 'read:sdkmessagefilter', 'changeTrackingExpiry'],
  ]);
  expect(names(await testCampaign(campaign, journal, uses())).slice(5)).toEqual([
    ...['journal', 'filter:profile.byLastModified', 'readOptOuts:profile', 'writeOptOuts:profile'],
  ]);
  expect(names(await testCampaign(campaign, null, OFF))).not.toContain('journal');
  expect(names(await testDynamics(dynamics, OFF))).not.toContain('write:contact');
});

test('a right on one’s own rows alone is not enough for everybody’s contacts', async () => {
  const { dynamics } = systems();
  dynamics.rightsOn = async () => ({
    value: new Map([
      ['create', { privilege: 'prvCreateActivity', reach: 'own' }],
      ['append', { privilege: 'prvAppendActivity', reach: 'own' }],
      ['appendTo', { privilege: 'prvAppendToContact', reach: 'own' }],
      ['write', { privilege: 'prvWriteContact', reach: 'some' }],
    ]),
    calls: 3,
  });
  const result = await testDynamics(dynamics, uses());
  expect(failed(result)).toEqual(['appendTo:contact', 'write:contact']);
  expect(result.checks.find(({ check }) => check === 'write:contact')).toMatchObject({
    message: expect.stringContaining('Business Unit alone'),
    remedy: expect.stringContaining('prvWriteContact'),
  });
});

test('an environment that does not tell rights is not taken to grant them', async () => {
  const { dynamics } = systems();
  dynamics.rightsOn = async () => {
    throw new DataverseRequestError(
      { method: 'GET', path: 'RetrieveUserPrivileges' },
      {
        ...{ status: 403, code: '0x80040220', kind: 'forbidden', column: null },
        ...{ retryAfterMs: null, requestId: null },
        vendorText: 'Principal user (Id=1) of jane@example.com is missing prvReadRole privilege',
      },
    );
  };
  const result = await testDynamics(dynamics, uses());
  expect(failed(result)).toHaveLength(4);
  expect(result.checks.find(({ passed }) => !passed)?.remedy).toContain('prvReadRole');
  expect(JSON.stringify(result)).not.toContain('jane@');
});

test('a journal without an address is told with how to get one', async () => {
  const { campaign } = systems();
  const result = await testCampaign(campaign, null, uses());
  expect(failed(result)).toEqual(['journal']);
  expect(result.checks.find(({ check }) => check === 'journal')?.remedy).toContain('eventsUrl');
});

test('where profiles are found by a filter, nothing is written to try it', async () => {
  const { campaign, journal } = systems();
  const filter = { filter: 'byExternalId', parameter: 'externalId_parameter' };
  campaign.probeAddressing = async () => ({ value: filter, calls: 2 });
  campaign.patchByKey = async () => {
    throw new Error('This would change a profile');
  };
  const result = await testCampaign(campaign, journal, uses());
  expect(result.passed).toBe(true);
  expect(result.checks.at(-1)?.message).toContain('Not tried');
});
