import { expect, test } from '@jest/globals';
import {
  EgressConfiguration,
  IngressConfiguration,
  OptinConfiguration,
} from '@landbridge/contracts';
import { changesBetween } from './configuration-changes.ts';
import { whyNot, type ReachableEnd } from './start-rules.ts';
import { configured, configurationOf, WorkflowConfiguration } from './workflow-configuration.ts';

const ALL: ReachableEnd[] = ['dynamics', 'campaign', 'journal', 'sftp'];
const without = (end: ReachableEnd) => ALL.filter((one) => one !== end);
const MAPPINGS = [{ dynamics: 'donotbulkemail', campaign: 'blackListEmail' }];

const egress = (settings: object) => configured(EgressConfiguration.parse(settings));
const optin = (settings: object) =>
  configured(OptinConfiguration.parse({ mappings: MAPPINGS, ...settings }));
const SENDS = { events: { send: true } };
const FILES = { ...SENDS, source: 'files' };
const BOTH = { direction: 'bidirectional', source: 'poll' };

test.each([
  [egress({}), ALL, /All events are off/],
  [egress(SENDS), without('dynamics'), /Dynamics 365 is not set/],
  [egress(SENDS), without('campaign'), /Campaign is not set/],
  [egress(SENDS), without('journal'), /no eventsUrl/],
  [egress(SENDS), without('sftp'), null],
  [egress(FILES), without('sftp'), /SFTP is not set/],
  [egress(FILES), without('journal'), null],
  [optin({}), ALL, /Disabled/],
  [optin({ direction: 'dynamics-to-campaign' }), ALL, /in the contact mapping/],
  [optin({ ...BOTH, mappings: [] }), ALL, /No opt-out is mapped/],
  [optin(BOTH), without('sftp'), null],
  [optin({ ...BOTH, source: 'export' }), without('sftp'), /SFTP is not set/],
])('%j with %j: %s', (told, ends, reason) => {
  const missing = whyNot(told, { connections: ends, others: [] });
  if (reason === null) expect(missing).toBeNull();
  else expect(missing).toMatch(reason);
});

const ingress = (...campaign: string[]) =>
  configured(
    IngressConfiguration.parse({
      mappings: [
        {
          dynamicsTable: 'contact',
          campaignResource: 'profile',
          key: { dynamics: 'contactid', campaign: 'externalId' },
          fields: campaign.map((name, index) => ({ dynamics: `column${index}`, campaign: name })),
        },
      ],
    }),
  );

test.each([
  [ingress('lastName', 'blackListEmail'), optin(BOTH), /in Opt-In\/Out too/],
  [ingress('denyListEmail'), optin({ ...BOTH, direction: 'campaign-to-dynamics' }), /too/],
  [optin(BOTH), ingress('blackListEmail'), /contact mapping of .* too/],
  [optin(BOTH), ingress('blackListFax'), null],
  [ingress('blackListEmail'), optin({ direction: 'dynamics-to-campaign' }), null],
  [ingress('blackListEmail'), optin({ direction: 'disabled' }), null],
  [egress(SENDS), optin(BOTH), null],
])('%j beside %j: %s', (told, other, reason) => {
  const why = whyNot(told, { connections: ALL, others: [other.configuration] });
  if (reason === null) expect(why).toBeNull();
  else expect(why).toMatch(reason);
});

test('what was stored tells by itself whose configuration it is', () => {
  for (const told of [egress(SENDS), optin(BOTH)]) {
    const stored = WorkflowConfiguration.parse(JSON.parse(JSON.stringify(told.configuration)));
    expect(configured(stored)).toEqual(told);
    expect(configurationOf(told.workflow, stored)).toEqual(told.configuration);
    expect(() => configurationOf('ingress', stored)).toThrow();
  }
});

test('edits of events and of opt-outs are told field by field', () => {
  const [before, after] = [egress({}), egress({ ...SENDS, contactWaitMinutes: 5 })];
  const told = changesBetween(before.configuration, after.configuration);
  expect(told.map(({ summary }) => summary)).toEqual([
    'Email Send: off → on',
    'Minutes that an event waits for its contact: 1440 → 5',
  ]);
  const mapped = changesBetween(optin({ mappings: [] }).configuration, optin(BOTH).configuration);
  expect(mapped.map(({ pointer, summary }) => `${pointer} ${summary}`)).toEqual([
    '/direction Direction: “disabled” → “bidirectional”',
    '/source Source: “export” → “poll”',
    '/mappings/0 donotbulkemail ↔ denyListEmail added',
  ]);
});
