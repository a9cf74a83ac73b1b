import { expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  EgressConfiguration,
  EventShape,
  INITIAL_EGRESS_CONFIGURATION,
  INITIAL_OPTIN_CONFIGURATION,
  OptinConfiguration,
} from '../src/index.ts';

test('a new instance has no event switched on and no direction', () => {
  expect(Object.values(INITIAL_EGRESS_CONFIGURATION.events)).toEqual([false, false, false, false]);
  expect(INITIAL_OPTIN_CONFIGURATION).toMatchObject({ direction: 'disabled', mappings: [] });
});

test('the configurations of the architecture’s page are taken as they stand there', () => {
  const egress = EgressConfiguration.parse({
    events: { send: true, open: true, click: true, bounce: true },
    source: 'journal',
  });
  expect(egress.activities).toMatchObject({
    send: { table: 'adobe_emailsend', date: 'adobe_senton', trackingUrl: null },
    click: { table: 'adobe_emailclick', trackingUrl: 'adobe_trackingurl' },
  });
  const optin = {
    direction: 'bidirectional',
    source: 'export',
    mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListEmail' }],
  };
  expect(OptinConfiguration.parse(optin)).toMatchObject(optin);
});

test('an opt-out is taken under the name of the API and shown under that of the manual', () => {
  const { mappings } = OptinConfiguration.parse({
    mappings: [
      { dynamics: 'donotbulkemail', campaign: 'blackListEmail' },
      { dynamics: 'donotphone', campaign: 'denyListPhone' },
    ],
  });
  expect(mappings.map(({ campaign }) => campaign)).toEqual(['denyListEmail', 'denyListPhone']);
});

test('headings are named by the opt-out in either spelling, and only by one that Campaign has', () => {
  const columns = { blackListEmail: 'Y', denyListPhone: 'Z' };
  const parsed = OptinConfiguration.parse({ export: { columns, changedAtColumns: columns } });
  expect(parsed.export).toMatchObject({
    columns: { denyListEmail: 'Y', denyListPhone: 'Z' },
    changedAtColumns: { denyListEmail: 'Y', denyListPhone: 'Z' },
  });
  expect(z.encode(OptinConfiguration, parsed)).toEqual(parsed);
  const unknown = { export: { columns: { denyListPigeon: 'Y' } } };
  expect(OptinConfiguration.safeParse(unknown).success).toBe(false);
});

test('opt-out files have optout in their names, unless the configuration says otherwise', () => {
  const { files } = OptinConfiguration.parse({}).export;
  expect(fitsName('optout_20261130_081532.txt', files)).toBe(true);
  expect(fitsName('deliverylogs_20261130.csv', files)).toBe(false);
});

const fitsName = (name: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);

test.each(['.', '..', './done', 'done/..', 'a/./b'])(
  'the folder that is read is not its own archive: %s',
  (archiveFolder) => {
    expect(OptinConfiguration.safeParse({ export: { archiveFolder } }).success).toBe(false);
    expect(EgressConfiguration.safeParse({ files: { archiveFolder } }).success).toBe(false);
    expect(OptinConfiguration.safeParse({ export: { archiveFolder: 'a/.b' } }).success).toBe(true);
  },
);

test.each([
  ['an opt-out that Campaign does not have', [['donotfax', 'denyListPigeon']], 'campaign'],
  [
    'one opt-out from two columns',
    [
      ['donotemail', 'denyListEmail'],
      ['donotbulkemail', 'blackListEmail'],
    ],
    'campaign',
  ],
  [
    'one column to two opt-outs',
    [
      ['donotemail', 'denyListEmail'],
      ['donotemail', 'denyListFax'],
    ],
    'dynamics',
  ],
])('%s is refused where it stands', (_, pairs, side) => {
  const mappings = pairs.map(([dynamics, campaign]) => ({ dynamics, campaign }));
  const refused = OptinConfiguration.safeParse({ mappings });
  expect(refused.error?.issues[0]?.path).toEqual(['mappings', pairs.length - 1, side]);
});

test.each([
  [{ files: { folder: '../elsewhere' } }],
  [{ files: { deliveryLogs: 'a/b' } }],
  [{ journal: { shapes: [{ name: 'x' }] } }],
  [{ events: { unsubscribe: true } }],
  [{ activities: { send: { table: 'adobe_emailsend', date: 'Adobe SentOn' } } }],
])('a configuration that cannot be meant is refused: %j', (configuration) => {
  expect(EgressConfiguration.safeParse(configuration).success).toBe(false);
});

test('what was saved under either name can be answered, which writes it backwards', () => {
  const mappings = [{ dynamics: 'donotphone', campaign: 'blackListPhone' }];
  const saved = OptinConfiguration.parse({ direction: 'bidirectional', mappings });
  expect(z.encode(OptinConfiguration, saved)).toEqual(saved);
  expect(
    OptinConfiguration.safeParse({ mappings: [{ ...mappings[0], campaign: 'blackListX' }] }),
  ).toMatchObject({ success: false });
});

test('places in an event are JSON pointers', () => {
  const shape = (at: string) => ({
    ...{ name: 'own', envelopeId: [], externalId: [], recipientId: [], campaignName: [] },
    ...{ deliveryName: [], trackingUrl: [], messageId: [] },
    kinds: [{ kind: 'send', when: [{ at: '/type', is: ['send'] }] }],
    at: [at],
  });
  expect(EventShape.safeParse(shape('/https:~1~1x~1y/time')).success).toBe(true);
  for (const wrong of ['time', '/a~2', '$.time']) {
    expect(EventShape.safeParse(shape(wrong)).success).toBe(false);
  }
});
