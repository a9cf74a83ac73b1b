import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { expect, test } from '@jest/globals';
import { sendJson, type Seen } from '@landbridge/testing/tiny-server';
import fc from 'fast-check';
import { deterministicId, type NewRow } from '../src/index.ts';
import { bulkSize } from '../src/writing/bulk-size.ts';
import { errorOf, ID, printed, startStandIn } from './stand-in.ts';

const TABLE = {
  table: 'adobe_emailsend',
  entitySet: 'adobe_emailsends',
  primaryId: 'activityid',
};
const NAMESPACE = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const idOf = (name: number) => deterministicId(NAMESPACE, String(name));
const rowsOf = (count: number): NewRow[] =>
  Array.from({ length: count }, (_, index) => ({ id: idOf(index), columns: { subject: 'ada@x' } }));

type Refuse = (id: string) => { status: number; code: string; text?: string } | null;

/** Keeps rows as Dataverse does: CreateMultiple all or none, a batch part by part. */
function table(refuse: Refuse = () => null) {
  const rows = new Set<string>();
  const refusalOf = (id: string) =>
    rows.has(id) ? { status: 412, code: '0x80040237' } : refuse(id);
  const answer = (seen: Seen, response: ServerResponse) => {
    if (seen.url.endsWith('CreateMultiple')) {
      const { Targets } = JSON.parse(seen.body) as { Targets: { activityid: string }[] };
      const refusal = Targets.map(({ activityid }) => refusalOf(activityid)).find(Boolean);
      if (refusal) {
        const error = { code: refusal.code, message: refusal.text ?? 'ada@x' };
        sendJson(response, { error }, { status: refusal.status });
        return;
      }
      Targets.forEach(({ activityid }) => rows.add(activityid));
      sendJson(response, { Ids: Targets.map(({ activityid }) => activityid).reverse() });
      return;
    }
    const parts = [...seen.body.matchAll(/\{"activityid":"([^"]+)"/g)].map(([, id = '']) => {
      const refusal = refusalOf(id);
      if (refusal === null) rows.add(id);
      const head = 'Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n';
      return refusal === null
        ? `${head}HTTP/1.1 204 No Content\r\nOData-EntityId: x(${id})\r\n\r\n\r\n`
        : `${head}HTTP/1.1 ${refusal.status} Refused\r\nREQ_ID: r\r\nRetry-After: 4\r\n\r\n${JSON.stringify(
            { error: { code: refusal.code, message: refusal.text ?? 'ada@x' } },
          )}\r\n`;
    });
    response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=batchresponse_1' });
    const body = parts.map((part) => `--batchresponse_1\r\n${part}`).join('');
    response.end(`${body}--batchresponse_1--\r\n`);
  };
  return { rows, answer };
}

test.each(['createMultiple', 'batch'] as const)(
  'a thousand rows by %s cost five requests, each row under its own id',
  async (by) => {
    const { rows, answer } = table();
    await using world = await startStandIn(answer);
    const { value, calls } = await world.client.createRows({
      table: TABLE,
      rows: rowsOf(1_000),
      by,
    });
    expect(value.failure).toBeNull();
    expect(value.results.map(({ outcome }) => outcome)).toEqual(Array(1_000).fill('created'));
    expect(calls).toBe(5);
    expect(rows.size).toBe(1_000);
  },
);

test.each(['createMultiple', 'batch'] as const)(
  'seven bad rows of a thousand are named by %s, and hold up none of the others',
  async (by) => {
    const bad = new Set([3, 200, 201, 555, 556, 800, 999].map(idOf));
    const { rows, answer } = table((id) =>
      bad.has(id) ? { status: 400, code: '0x80044331' } : null,
    );
    await using world = await startStandIn(answer);
    const { value, calls } = await world.client.createRows({
      table: TABLE,
      rows: rowsOf(1_000),
      by,
    });
    const rejected = value.results.filter(({ outcome }) => outcome === 'rejected');
    expect(new Set(rejected.map(({ id }) => id))).toEqual(bad);
    expect(rejected[0]).toEqual({
      ...{ id: idOf(3), outcome: 'rejected', kind: 'rejected', code: '0x80044331' },
      ...{ column: null, message: 'Dataverse refused the row (0x80044331)' },
    });
    expect(rows.size).toBe(993);
    expect(calls).toBeLessThanOrEqual(10);
  },
);

test('what was written before is there already, and is written no second time', async () => {
  const { rows, answer } = table();
  await using world = await startStandIn(answer);
  const write = { table: TABLE, by: 'createMultiple' } as const;
  await world.client.createRows({ ...write, rows: rowsOf(5) });
  const { value } = await world.client.createRows({ ...write, rows: rowsOf(8) });
  expect(value.results.map(({ outcome }) => outcome)).toEqual([
    ...(Array(5).fill('alreadyThere') as string[]),
    ...['created', 'created', 'created'],
  ]);
  expect(rows.size).toBe(8);
});

test('a row that leads to one that is not there is told from a bad one', async () => {
  const { answer } = table((id) => (id === idOf(1) ? { status: 404, code: '0x80040217' } : null));
  await using world = await startStandIn(answer);
  const { value } = await world.client.createRows({ table: TABLE, rows: rowsOf(3), by: 'batch' });
  expect(value.results[1]).toMatchObject({ outcome: 'rejected', kind: 'notFound' });
});

test('a part that is throttled leaves its row open, with the wait, and the others done', async () => {
  const { answer } = table((id) => (id === idOf(2) ? { status: 429, code: '0x80072322' } : null));
  await using world = await startStandIn(answer);
  const { value, calls } = await world.client.createRows({
    table: TABLE,
    rows: rowsOf(4),
    by: 'batch',
  });
  expect(value.results.map(({ id }) => id)).toEqual([0, 1, 3].map(idOf));
  expect(value.failure).toMatchObject({ kind: 'throttled', retryAfterMs: 4_000, calls: 1 });
  expect(calls).toBe(1);
});

test('an answer that breaks off leaves rows open, and so does one of something in between', async () => {
  await using cut = await startStandIn((_, response) => {
    response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=b' });
    response.end('--b\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n\r\n--b\r\nContent-Type: app');
  });
  const rows = rowsOf(3);
  const { value } = await cut.client.createRows({ table: TABLE, rows, by: 'batch' });
  expect(value.results).toEqual([{ id: idOf(0), outcome: 'created' }]);
  expect(value.failure).toMatchObject({ reason: 'unreadable' });
  await using portal = await startStandIn((_, response) => response.end('<html>'));
  const both = ['batch', 'createMultiple'] as const;
  for (const by of both) {
    const open = await portal.client.createRows({ table: TABLE, rows, by });
    expect(open.value).toMatchObject({ results: [], failure: { reason: 'unreadable' } });
  }
});

test('too many rows for a server are sent in smaller pieces from then on', async () => {
  const sizes: number[] = [];
  const { answer } = table();
  await using world = await startStandIn((seen, response) => {
    const count = seen.body.match(/"activityid"/g)?.length ?? 0;
    sizes.push(count);
    const message = 'The current batch message contains too many parts.';
    if (count <= 60) answer(seen, response);
    else sendJson(response, { error: { code: '', message } }, { status: 400 });
  });
  const { value } = await world.client.createRows({ table: TABLE, rows: rowsOf(120), by: 'batch' });
  expect(value.results).toHaveLength(120);
  expect(sizes).toEqual([120, 60, 60]);
});

test('a timed-out bulk write leaves all rows open and is smaller next time', async () => {
  const sizes: number[] = [];
  await using world = await startStandIn(
    (seen) => {
      sizes.push(seen.body.match(/"activityid"/g)?.length ?? 0);
    },
    { headersTimeoutMs: 100 },
  );
  const write = { table: TABLE, rows: rowsOf(100), by: 'createMultiple' } as const;
  expect((await world.client.createRows(write)).value).toMatchObject({
    results: [],
    failure: { reason: 'timeout' },
  });
  await world.client.createRows(write);
  expect(sizes).toEqual([100, 50]);
});

test('a row is updated only where it is', async () => {
  await using world = await startStandIn((seen, response) => {
    if (seen.url.includes(ID)) response.writeHead(204).end();
    else sendJson(response, { error: { code: '0x80040217', message: 'x' } }, { status: 404 });
  });
  const contact = { table: 'contact', entitySet: 'contacts', primaryId: 'contactid' };
  const columns = { donotbulkemail: true };
  expect(await world.client.updateRow({ table: contact, id: ID, columns })).toEqual({
    value: 'updated',
    calls: 1,
  });
  expect(world.asked()[0]).toMatchObject({
    method: 'PATCH',
    body: '{"donotbulkemail":true}',
    headers: { 'if-match': '*' },
  });
  const absent = await world.client.updateRow({ table: contact, id: idOf(1), columns });
  expect(absent.value).toBe('absent');
});

test('bind names and CreateMultiple are asked of the environment', async () => {
  await using world = await startStandIn((seen, response) => {
    if (seen.url.includes('sdkmessagefilters')) {
      const offered = decodeURIComponent(seen.url).includes("@t='adobe_emailsend'");
      sendJson(response, { value: offered ? [{ sdkmessagefilterid: ID }] : [] });
      return;
    }
    const bind = (ReferencedEntity: string, name: string | null) => ({
      ReferencingAttribute: 'regardingobjectid',
      ReferencedEntity,
      ReferencingEntityNavigationPropertyName: name,
    });
    const one = bind('contact', 'regardingobjectid_contact_adobe_emailsend');
    sendJson(response, { value: [one, bind('x', null)] });
  });
  expect((await world.client.bindNames('adobe_emailsend')).value).toEqual([
    {
      column: 'regardingobjectid',
      to: 'contact',
      bind: 'regardingobjectid_contact_adobe_emailsend@odata.bind',
    },
  ]);
  expect((await world.client.offersCreateMultiple('adobe_emailsend')).value).toBe(true);
  expect((await world.client.offersCreateMultiple('adobe_emailopen')).value).toBe(false);
});

test('nothing that was refused shows a value, and an abort is its own reason', async () => {
  await using world = await startStandIn((_, response) =>
    sendJson(response, { error: { code: '0x80072560', message: 'ada@x' } }, { status: 403 }),
  );
  const write = { table: TABLE, rows: rowsOf(2), by: 'createMultiple' } as const;
  const { failure } = (await world.client.createRows(write)).value;
  expect(failure).toMatchObject({ kind: 'forbidden', calls: 1 });
  expect(printed(failure)).not.toContain('ada@');
  const aborted = world.client.createRows({
    ...write,
    signal: AbortSignal.abort(new Error('off')),
  });
  expect(await errorOf(aborted)).toMatchObject({ message: 'off' });
});

test('ids are those of RFC 9562, and as many as there are names', () => {
  // The example of RFC 9562, appendix A.4.
  expect(deterministicId(NAMESPACE, 'www.example.com')).toBe(
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  );
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const id = deterministicId(NAMESPACE, a);
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      const same =
        createHash('sha1').update(a).digest('hex') === createHash('sha1').update(b).digest('hex');
      expect(deterministicId(NAMESPACE, b) === id).toBe(same);
    }),
  );
});

test('a size stays between one row and the most, whatever happens', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.array(fc.boolean()), (max, ends) => {
      const size = bulkSize(max);
      for (const good of ends) {
        if (good) size.enough();
        else size.tooMuch(size.rows());
        expect(size.rows()).toBeGreaterThanOrEqual(1);
        expect(size.rows()).toBeLessThanOrEqual(max);
      }
    }),
  );
});
