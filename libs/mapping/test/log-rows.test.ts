import { expect, test } from '@jest/globals';
import { logLayout, logRowEvent, optoutLayout, readOptouts } from '../src/index.ts';

const ID = '7d0f3c1e-0000-4000-8000-000000000001';

test('delivery logs are read by their headings, in whatever order and spelling', () => {
  const headings = ['Status', 'Profile external ID', 'Event date', 'ID', 'Delivery name', 'Reason'];
  const layout = logLayout('delivery', headings);
  expect(layout.missing).toEqual([]);
  const row = (status: string, reason: string) => ({
    ...{ Status: status, 'Profile external ID': ID, 'Event date': '2026/03/01 15:52:25' },
    ...{ ID: '4711', 'Delivery name': 'DM1', Reason: reason },
  });
  const sent = logRowEvent(row('1', ''), layout);
  expect(sent).toEqual({
    outcome: 'event',
    event: {
      id: 'deliveryLog:4711:send',
      kind: 'send',
      at: '2026-03-01T15:52:25.000Z',
      profile: { by: 'externalId', value: ID },
      campaignName: null,
      deliveryName: 'DM1',
      subject: 'Delivery Name: DM1',
      trackingUrl: null,
      mirrorPageUrl: null,
    },
  });
  expect(logRowEvent(row('Failed', 'Unknown_User'), layout)).toMatchObject({
    event: { id: 'deliveryLog:4711:bounce', kind: 'bounce' },
  });
  expect(logRowEvent(row('failed', 'mailbox_full'), layout)).toMatchObject({
    reason: 'softBounce',
  });
});

test('in tracking logs link 1 is the open, and a link that was followed a click', () => {
  const headings = ['id', 'logDate', 'recipient-id', 'url-id', 'urlLabel', 'urlSource'];
  const layout = logLayout('tracking', headings);
  const row = (urlId: string, label: string, url: string) => ({
    ...{ id: '9', logDate: '2026-03-01 15:52:25.123Z', 'recipient-id': '77' },
    ...{ 'url-id': urlId, urlLabel: label, urlSource: url },
  });
  expect(logRowEvent(row('1', 'Open', ''), layout)).toMatchObject({
    event: { id: 'trackingLog:9:open', profile: { by: 'recipientId', value: '77' } },
  });
  expect(logRowEvent(row('8', 'Shop', 'https://shop.test/'), layout)).toMatchObject({
    event: { kind: 'click', trackingUrl: 'https://shop.test/', at: '2026-03-01T15:52:25.123Z' },
  });
  expect(logRowEvent(row('2', 'Mirror page', 'https://m.test/'), layout)).toEqual({
    outcome: 'leftOut',
    reason: 'otherKind',
  });
});

test('a row of another channel is left out where a column tells it', () => {
  const own = { deliveryType: 'Kanal' };
  const layout = logLayout('delivery', ['id', 'externalId', 'event date', 'status', 'Kanal'], own);
  const row = (Kanal: string) =>
    logRowEvent(
      { id: '1', externalId: ID, 'event date': '2026-03-01 15:52:25', status: '1', Kanal },
      layout,
    );
  expect(row('0')).toMatchObject({ event: { kind: 'send' } });
  expect(row('Email')).toMatchObject({ event: { kind: 'send' } });
  expect(row('電子郵件')).toMatchObject({ event: { kind: 'send' } });
  expect(row('')).toMatchObject({ event: { kind: 'send' } });
  expect(row('1')).toEqual({ outcome: 'leftOut', reason: 'otherChannel' });
  expect(row('SMS')).toEqual({ outcome: 'leftOut', reason: 'otherChannel' });
});

test('seeds, proofs, tests and failure types stand under headings of one’s own', () => {
  const own = { seedMember: 'Kontrolle', failureType: 'Art' } as const;
  const headings = ['id', 'externalId', 'event date', 'status', 'Kontrolle', 'Art'];
  const layout = logLayout('delivery', headings, own);
  const row = (Kontrolle: string, status: string, Art: string) =>
    logRowEvent(
      { id: '1', externalId: ID, 'event date': '2026-03-01 15:52:25', status, Kontrolle, Art },
      layout,
    );
  expect(row('1', 'sent', '')).toEqual({ outcome: 'leftOut', reason: 'seed' });
  expect(row('0', 'failed', 'soft')).toEqual({ outcome: 'leftOut', reason: 'softBounce' });
  expect(row('0', 'failed', 'hard')).toMatchObject({ event: { kind: 'bounce' } });
});

test('headings that the configuration names win, and what no heading holds is named', () => {
  const own = { id: 'Nr', externalId: 'Kunde', at: 'Wann', status: 'Zustand' };
  const layout = logLayout('delivery', ['Nr', 'Kunde', 'Wann', 'Zustand', 'id'], own);
  const row = { Nr: '1', Kunde: ID, Wann: '2026-03-01T15:52:25Z', Zustand: 'sent', id: 'no' };
  expect(logRowEvent(row, layout)).toMatchObject({ event: { id: 'deliveryLog:1:send' } });
  expect(logLayout('delivery', ['a', 'b']).missing).toEqual(['id', 'at', 'status', 'externalId']);
  expect(logLayout('tracking', ['id', 'log date', 'externalid']).missing).toEqual([]);
});

const files = { keyColumn: null, columns: {}, changedAtColumns: {} };

test('an opt-out export is read by its headings, each opt-out with its own time', () => {
  const headings = ['External ID', 'blackListEmail', 'denyListFax', 'blackListEmailLastModified'];
  const { columns, missing } = optoutLayout(headings, ['denyListEmail', 'denyListFax'], files);
  expect(missing).toEqual([]);
  const row: Record<string, string> = {
    ...{ 'External ID': ID, blackListEmail: '1', denyListFax: 'false' },
    blackListEmailLastModified: '2026-11-24 10:00:00.000Z',
  };
  expect(readOptouts((column) => row[column], columns!)).toEqual({
    outcome: 'read',
    reading: {
      key: ID,
      attributes: {
        denyListEmail: { value: true, changedAt: '2026-11-24T10:00:00.000Z' },
        denyListFax: { value: false, changedAt: null },
      },
    },
  });
});

test('the later of two times counts, and an opt-out that is not told is absent', () => {
  const headings = ['externalId', 'blackList', 'blackListLastModified', 'blackListAllLastModified'];
  const { columns } = optoutLayout(headings, ['denyList', 'denyListEmail'], files);
  const read = (blackList: string) =>
    readOptouts(
      (column) =>
        ({
          ...{ externalId: ID, blackList, blackListLastModified: '2026-11-24 10:00:00.000Z' },
          blackListAllLastModified: '2026-11-24 11:00:00.000Z',
        })[column],
      columns!,
    );
  expect(read('true')).toMatchObject({
    reading: { attributes: { denyList: { changedAt: '2026-11-24T11:00:00.000Z' } } },
  });
  expect(read('')).toEqual({ outcome: 'read', reading: { key: ID, attributes: {} } });
});

test.each([
  [{ externalId: '' }, 'keyEmpty', 'externalId'],
  [{ blackListEmail: 'maybe' }, 'notABoolean', 'blackListEmail'],
  [{ blackListEmailLastModified: '24.11.26' }, 'notADate', 'blackListEmailLastModified'],
])('a row that cannot be read names the column, not the value: %j', (change, code, column) => {
  const row: Record<string, unknown> = {
    ...{ externalId: ID, blackListEmail: true, blackListEmailLastModified: '' },
    ...change,
  };
  const { columns } = optoutLayout(Object.keys(row), ['denyListEmail'], files);
  const read = readOptouts((name) => row[name], columns!);
  expect(read).toMatchObject({ outcome: 'rejected', rejection: { code, column } });
  expect(JSON.stringify(read)).not.toMatch(/maybe|24\.11/);
});

test('a file without the key or any wanted opt-out is of no use, and says what it lacks', () => {
  expect(optoutLayout(['email'], ['denyListEmail'], files)).toEqual({
    columns: null,
    missing: ['externalId', 'denyListEmail'],
    repeated: [],
  });
  const own = { keyColumn: 'Kunde', columns: { denyListEmail: 'Keine Mail' } };
  const layout = optoutLayout(['KUNDE', 'keine mail'], ['denyListEmail'], { ...files, ...own });
  expect(layout.columns).toEqual({
    key: 'KUNDE',
    optouts: [{ name: 'denyListEmail', value: 'keine mail', changedAts: [] }],
  });
});

test('two columns of one heading are told, where the heading is used', () => {
  const twice = ['externalId', 'blackListEmail', 'note', 'note', 'blackListEmail'];
  expect(optoutLayout(twice, ['denyListEmail'], files).repeated).toEqual(['blackListEmail']);
  const rest = ['externalId', 'event date', 'status', 'seed', 'seed'];
  expect(logLayout('delivery', ['id', ...rest, 'id']).repeated).toEqual(['seed', 'id']);
  expect(logLayout('delivery', ['Id', ...rest, 'ID']).repeated).toEqual(['seed', 'Id']);
  // Written as it is asked for, it is this one.
  const exact = logLayout('delivery', ['ID', ...rest, 'id']);
  expect(exact.repeated).toEqual(['seed']);
  expect(exact.columns.get('id')).toBe('id');
});
