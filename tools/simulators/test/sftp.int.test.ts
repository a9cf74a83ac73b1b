import { generateKeyPairSync } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import SftpClient from 'ssh2-sftp-client';
import { CampaignSwitches, OPT_OUTS, startCampaign, type CampaignSimulator } from '../src/index.ts';

/** With a client that was not written here. */
let campaign: CampaignSimulator;
let sftp: SftpClient;

const directory = (): string => campaign.sftp.directory;

async function connected(more: Record<string, unknown> = {}): Promise<SftpClient> {
  const { host, port, user, privateKey } = campaign.sftp;
  const client = new SftpClient('test', {
    error: () => undefined,
    end: () => undefined,
    close: () => undefined,
  });
  await client.connect({ host, port, username: user, privateKey, retries: 0, ...more });
  return client;
}

beforeAll(async () => {
  campaign = await startCampaign();
  sftp = await connected();
});
afterAll(async () => {
  await sftp.end();
  await campaign.close();
});
beforeEach(async () => {
  for (const { name } of campaign.files()) await sftp.delete(`${directory()}/${name}`);
  campaign.deleteAllRecords('profile');
  later();
});
afterEach(() => {
  campaign.setSwitches(CampaignSwitches.parse({}));
  campaign.clearFaults();
});

const read = async (name: string): Promise<Buffer> => {
  const got = await sftp.get(`${directory()}/${name}`);
  if (!Buffer.isBuffer(got)) throw new Error('no buffer');
  return got;
};
const names = async (): Promise<string[]> =>
  (await sftp.list(directory())).map(({ name }) => name).sort();
/** Campaign's clock goes on, so that what is done now lies behind the last export. */
let aheadMs = 0;
const later = (): void => campaign.setClockSkew((aheadMs += 10_000));
type Table = { header: string[]; rows: Record<string, string>[] };
const table = (text: string, separator = ','): Table => {
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const header = head.split(separator);
  const rows = lines.map((line) =>
    Object.fromEntries(line.split(separator).map((cell, n) => [header[n] ?? '', cell])),
  );
  return { header, rows };
};

test('the host shows the key that the connection names', async () => {
  let shown: Buffer = Buffer.alloc(0);
  const hostVerifier = (key: Buffer): boolean => (shown = key).length > 0;
  await (await connected({ hostVerifier })).end();
  expect(campaign.sftp.hostKey).toBe(`ssh-rsa ${shown.toString('base64')}`);
  expect(campaign.sftp.privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
});

test('another key, another user, a password and a key that has expired are refused', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  await expect(connected({ privateKey })).rejects.toThrow(/authentication methods failed/);
  await expect(connected({ username: 'root' })).rejects.toThrow(/authentication methods failed/);
  await expect(connected({ privateKey: undefined, password: 'x' })).rejects.toThrow();
  await sftp.end();
  campaign.setSftpAccess(false);
  await expect(connected()).rejects.toThrow(/authentication methods failed/);
  campaign.setSftpAccess(true);
  sftp = await connected();
});

test('files are read, renamed, deleted, written; directories made; nothing outside is seen', async () => {
  await sftp.put(Buffer.from('hello'), `${directory()}/a.txt`);
  await sftp.mkdir(`${directory()}/done`);
  await sftp.rename(`${directory()}/a.txt`, `${directory()}/done/a.txt`);
  expect(String(await read('done/a.txt'))).toBe('hello');
  expect((await sftp.stat(`${directory()}/done/a.txt`)).size).toBe(5);
  await sftp.put(Buffer.from('x'), `${directory()}/b.txt`);
  await expect(sftp.rename(`${directory()}/b.txt`, `${directory()}/done/a.txt`)).rejects.toThrow();
  await sftp.rmdir(`${directory()}/done`, true);
  await expect(sftp.stat(`${directory()}/none.txt`)).rejects.toThrow(/No such file/);
  expect(await sftp.realPath('../../../..')).toBe('/');
  expect((await sftp.list('/')).map(({ name }) => name)).toEqual(['d365_loads']);
});

test('log files hold what is new since the last run, under the names of the logs’ attributes', async () => {
  campaign.createProfile({ externalId: 'ada', email: 'ada@x.test' });
  campaign.writeLogFiles();
  campaign.recordEvents([
    { kind: 'send', externalId: 'ada', broadLogId: 501, deliveryName: 'DM1', campaignName: 'C1' },
    { kind: 'open', externalId: 'ada', broadLogId: 501 },
    { kind: 'click', externalId: 'ada', broadLogId: 501, url: 'https://x.test/?a=1' },
    { kind: 'bounce', externalId: 'gone', broadLogId: 502 },
    { kind: 'send', member: 'seed' },
  ]);
  const [deliveries = '', tracking = ''] = campaign.writeLogFiles();
  expect(await names()).toEqual(expect.arrayContaining([deliveries, tracking]));
  expect(deliveries).toMatch(/^deliverylogs_\d{8}_\d{6}\.csv$/);
  const delivered = table(String(await read(deliveries)));
  expect(delivered.rows).toMatchObject([
    {
      ...{ id: '501', 'profile-externalId': 'ada', status: '1', failureType: '' },
      ...{ deliveryName: 'DM1', campaignName: 'C1', seedMember: 'false' },
    },
    {
      id: '502',
      'profile-externalId': 'gone',
      status: '2',
      failureType: 'hard',
      reason: 'unknown_user',
    },
    { seedMember: 'true' },
  ]);
  expect(table(String(await read(tracking))).rows).toMatchObject([
    { 'broadLog-id': '501', 'url-id': '1', urlLabel: 'Open' },
    { 'broadLog-id': '501', urlSource: 'https://x.test/?a=1', 'recipient-externalId': 'ada' },
  ]);
  expect(campaign.writeLogFiles()).toEqual([]);
});

test('names of files and the status of what failed are the customer’s and unconfirmed', async () => {
  campaign.setSwitches({ deliveryLogName: 'broad', trackingLogName: 'track', failedStatus: 7 });
  campaign.recordEvents([{ kind: 'softBounce', externalId: 'ada' }, { kind: 'open' }]);
  const [broad = '', track = ''] = campaign.writeLogFiles();
  expect([broad.slice(0, 6), track.slice(0, 6)]).toEqual(['broad_', 'track_']);
  expect(table(String(await read(broad))).rows).toMatchObject([
    { status: '7', failureType: 'soft', reason: 'mailbox_full' },
  ]);
  campaign.setSwitches({ optOutFileName: 'consents', emptyFiles: true });
  expect(campaign.exportOptOuts()[0]).toMatch(/^consents_/);
});

test('the opt-out export holds the eight and seven times, of the profiles that changed', async () => {
  for (const externalId of ['a', 'b']) campaign.createProfile({ externalId });
  later();
  campaign.exportOptOuts();
  later();
  expect(campaign.changeOptOut('b', 'blackListEmail', true)).toBe(true);
  expect(campaign.changeOptOut('b', 'blackListEmail', true)).toBe(false);
  campaign.changeOptOut('b', 'blackListPushnotification', true);
  campaign.changeOptOut('b', 'blackList', true, '2026-03-01T10:00:00.000Z');
  const [name = ''] = campaign.exportOptOuts();
  const { header, rows } = table(String(await read(name)));
  expect(header.filter((column) => (OPT_OUTS as readonly string[]).includes(column))).toHaveLength(
    8,
  );
  expect(header.filter((column) => /^(bl|cc).*LastModified$/.test(column))).toHaveLength(7);
  expect(rows).toMatchObject([
    {
      ...{ externalId: 'b', blackListEmail: 'true', blackListPushnotification: 'true' },
      blackListEmailLastModified: campaign.profile('b')?.['blackListEmailLastModified'],
      ...{ blackListLastModified: '2026-03-01 10:00:00.000Z', blackListFaxLastModified: '' },
    },
  ]);
});

test.each(['lastModified', 'optOutTimes'] as const)(
  'the export selects by %s',
  async (optOutSelects) => {
    campaign.setSwitches({ optOutSelects });
    campaign.createProfile({ externalId: 'plain' });
    campaign.createProfile({ externalId: 'push' });
    campaign.createProfile({ externalId: 'fax' });
    campaign.changeOptOut('push', 'blackListPushnotification', true);
    campaign.changeOptOut('fax', 'blackListFax', true);
    const [name = ''] = campaign.exportOptOuts();
    const ids = table(String(await read(name))).rows.map((row) => row['externalId']);
    expect(ids).toEqual(optOutSelects === 'optOutTimes' ? ['fax'] : ['plain', 'push', 'fax']);
  },
);

test('layouts: separator, quotes, line ends, BOM, labels, manual’s names, booleans, dates, gzip', async () => {
  campaign.createProfile({ externalId: 'a;1' });
  campaign.changeOptOut('a;1', 'blackListEmail', true, '2026-03-01T10:00:00.000Z');
  campaign.setSwitches({
    ...{ fileSeparator: ';', fileLineEnd: '\r\n', fileBom: true, fileBooleans: 'digits' },
    ...{ fileDates: 'slashes', optOutNames: 'denyList', fileGzip: true, fileExtension: 'txt' },
  });
  const [name = ''] = campaign.exportOptOuts();
  expect(name).toMatch(/^optout_\d{8}_\d{6}\.txt\.gz$/);
  const text = gunzipSync(await read(name)).toString();
  expect(text).toMatch(/^\uFEFFexternalId;denyList;denyListLastModified;denyListEmail;/);
  expect(text.split('\r\n')[1]).toMatch(/^"a;1";0;;1;2026\/03\/01 10:00:00;/);
  campaign.setSwitches({
    fileHeaders: 'labels',
    fileQuotes: 'all',
    fileGzip: false,
    fileBom: false,
  });
  campaign.setSwitches({ optOutTimes: false, fileBooleans: 'labels', fileSeparator: '\t' });
  campaign.changeOptOut('a;1', 'blackListFax', true);
  const [labelled = ''] = campaign.exportOptOuts();
  const labels = String(await read(labelled));
  expect(labels).toMatch(
    /^"External ID"\t"No longer contact \(by any channel\)"\t"No longer contact by email"/,
  );
  expect(labels).toContain('"Yes"');
  expect(labels).not.toContain('last modified');
});

test.each(['externalId', 'recipientId', 'both'] as const)(
  'rows name the profile by %s',
  async (eventProfile) => {
    campaign.setSwitches({ eventProfile });
    campaign.recordEvents([{ kind: 'send', externalId: 'ada' }]);
    const [name = ''] = campaign.writeLogFiles();
    const { header } = table(String(await read(name)));
    expect([header.includes('profile-externalId'), header.includes('profile-id')]).toEqual([
      eventProfile !== 'recipientId',
      eventProfile !== 'externalId',
    ]);
  },
);

test.each(['inChunks', 'renamed'] as const)(
  'a file is seen half-written: %s',
  async (fileWrites) => {
    campaign.setSwitches({
      fileWrites,
      fileChunkBytes: 50,
      fileChunkEveryMs: 0,
      fileDoneMarker: true,
    });
    campaign.createProfile({ externalId: 'half' });
    const [name = ''] = campaign.exportOptOuts();
    const growing = fileWrites === 'renamed' ? `${name}.part` : name;
    expect(await names()).toEqual([growing]);
    expect((await sftp.stat(`${directory()}/${growing}`)).size).toBe(50);
    while (campaign.growFiles() > 0);
    expect(await names()).toEqual([name, `${name}.done`]);
    expect(String(await read(name)).endsWith('\n')).toBe(true);
  },
);

test('a file grows by itself while it is read', async () => {
  campaign.setSwitches({ fileWrites: 'inChunks', fileChunkBytes: 200, fileChunkEveryMs: 5 });
  campaign.createProfile({ externalId: 'slow' });
  const [name = ''] = campaign.exportOptOuts();
  const early = String(await read(name));
  while (campaign.files().some(({ isGrowing }) => isGrowing)) await sftp.stat(directory());
  const whole = String(await read(name));
  expect(whole.startsWith(early)).toBe(true);
  expect(table(whole).rows).toHaveLength(1);
});

test('a missing, a late, a repeated and an empty file', async () => {
  campaign.exportOptOuts();
  for (const { name } of campaign.files()) await sftp.delete(`${directory()}/${name}`);
  later();
  expect(campaign.exportOptOuts()).toEqual([]);
  campaign.setSwitches({ emptyFiles: true });
  expect(campaign.exportOptOuts()).toHaveLength(1);
  campaign.createProfile({ externalId: 'first' });
  campaign.setSwitches({ fileArrival: 'missing' });
  expect(campaign.exportOptOuts()).toEqual([]);
  campaign.setSwitches({ fileArrival: 'late' });
  const [late = ''] = campaign.exportOptOuts();
  expect(await names()).not.toContain(late);
  campaign.setSwitches({ fileArrival: 'repeated' });
  later();
  campaign.createProfile({ externalId: 'second' });
  const twice = campaign.exportOptOuts();
  expect(new Set(twice).size).toBe(2);
  expect(await read(twice[0] ?? '')).toEqual(await read(twice[1] ?? ''));
  expect(campaign.deliverLateFiles()).toEqual([late]);
  expect(late < (twice[0] ?? '')).toBe(true);
  expect(String(await read(late))).toContain('first');
  await sftp.delete(`${directory()}/${late}`);
  expect(campaign.repeatLastFile()).toBe(late);
  expect(await names()).toContain(late);
});

test('faults meet SFTP as they meet the API', async () => {
  campaign.addFault({ call: 'sftpList', times: 1, fault: { kind: 'status', status: 500 } });
  await expect(sftp.list(directory())).rejects.toThrow();
  expect(await sftp.list(directory())).toEqual([]);
  await sftp.put(Buffer.from('hello'), `${directory()}/a.txt`);
  campaign.addFault({ call: 'sftpRead', times: 1, fault: { kind: 'dropReply' } });
  await expect(sftp.get(`${directory()}/a.txt`)).rejects.toThrow();
  sftp = await connected();
  campaign.addFault({ call: 'sftpRemove', times: 1, fault: { kind: 'dropReply' } });
  await expect(sftp.delete(`${directory()}/a.txt`)).rejects.toThrow();
  sftp = await connected();
  expect(await names()).toEqual([]);
  expect(campaign.callCounts().byCall['sftpRemove']).toBeGreaterThan(0);
});

test('the host goes away and comes back with its files, at the same address', async () => {
  await sftp.put(Buffer.from('kept'), `${directory()}/kept.txt`);
  await campaign.sftpGoAway();
  await expect(connected()).rejects.toThrow(/ECONNREFUSED/);
  await campaign.sftpComeBack();
  sftp = await connected();
  expect(await names()).toEqual(['kept.txt']);
});
