import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InstanceId, type OptinDecision, RunId } from '@landbridge/contracts';
import { keepDecision, oldestQueued, publishRecords, readDecisions } from '../src/index.ts';
import { type Fixture, SERVERS, startBus } from './bus-fixture.ts';

const ONE = '7d0f3c1e-1d7a-4a43-8a5e-0c4a3f6f1a11';
const OTHER = '8d0f3c1e-1d7a-4a43-8a5e-0c4a3f6f1a11';

describe.each(SERVERS)('decisions of Opt-In/Out, on the %s nats-server', (which) => {
  let nats: Fixture;
  let made = 0;
  beforeAll(async () => {
    nats = await startBus(which);
  });
  afterAll(async () => nats[Symbol.asyncDispose]());

  const newInstance = (): InstanceId => InstanceId.parse(`decided-${(made += 1)}`);
  const decision = (instance: InstanceId, over: Partial<OptinDecision> = {}): OptinDecision => ({
    decidedAt: '2026-11-24T10:00:00.000Z',
    instance,
    runId: RunId.parse(ONE),
    contactId: ONE,
    attribute: 'denyListEmail',
    column: 'donotbulkemail',
    direction: 'bidirectional',
    dynamics: {
      value: true,
      modifiedOn: '2026-11-24T09:00:00.000Z',
      comparedAs: '2026-11-24T09:00:00.000Z',
    },
    campaign: { value: false, changedAt: null },
    toleratedSkewSeconds: 300,
    rule: 'dynamicsNewerOrEqual',
    winner: 'dynamics',
    value: true,
    written: 'campaign',
    ...over,
  });
  const at = (minute: number): string => new Date(Date.UTC(2026, 10, 24, 10, minute)).toISOString();

  test('one contact’s decisions are read, the newest first, of one opt-out or of all', async () => {
    const instance = newInstance();
    const kept = [
      decision(instance, { decidedAt: at(1) }),
      decision(instance, { decidedAt: at(2), attribute: 'denyListFax' }),
      decision(instance, { decidedAt: at(3) }),
    ];
    for (const one of kept) await keepDecision(nats.bus, one);
    await keepDecision(nats.bus, decision(instance, { contactId: OTHER }));
    await keepDecision(nats.bus, decision(newInstance()));
    const read = await readDecisions(nats.bus, instance, { contactId: ONE.toUpperCase() });
    expect(read).toEqual(kept.toReversed());
    const fax = await readDecisions(nats.bus, instance, {
      contactId: ONE,
      attribute: 'denyListFax',
    });
    expect(fax).toEqual([kept[1]]);
  });

  test('told twice, a decision is kept once', async () => {
    const instance = newInstance();
    await keepDecision(nats.bus, decision(instance));
    await keepDecision(nats.bus, decision(instance));
    expect(await readDecisions(nats.bus, instance, { contactId: ONE })).toHaveLength(1);
  });

  test('an opt-out that goes back and forth keeps its last hundred, and takes no other’s place', async () => {
    const instance = newInstance();
    await keepDecision(nats.bus, decision(instance, { contactId: OTHER }));
    for (let minute = 0; minute < 110; minute += 1) {
      await keepDecision(nats.bus, decision(instance, { decidedAt: at(minute) }));
    }
    const read = await readDecisions(nats.bus, instance, { contactId: ONE });
    expect(read).toHaveLength(100);
    expect(read[0]?.decidedAt).toBe(at(109));
    expect(await readDecisions(nats.bus, instance, { contactId: OTHER })).toHaveLength(1);
  });

  test('the oldest record of a table is told, whatever other tables wait', async () => {
    const instance = newInstance();
    const queue = { workflow: 'optin', instance } as const;
    const record = (table: string, key: string) => ({
      record: {
        schemaVersion: 1 as const,
        instance,
        table,
        key,
        change: 'upsert' as const,
        origin: 'change' as const,
        version: null,
        modifiedOn: null,
        readAt: at(0),
        columns: {},
      },
      partition: 3,
      messageId: `${instance}/${table}/${key}`,
    });
    expect(await oldestQueued(nats.bus, { ...queue, table: 'optout' })).toBeNull();
    await publishRecords(nats.bus, queue, [
      record('optin', ONE),
      record('optout', OTHER),
      record('optout', ONE),
    ]);
    const oldest = await oldestQueued(nats.bus, { ...queue, table: 'optout' });
    expect(oldest?.record?.key).toBe(OTHER);
    expect(Math.abs(Date.now() - (oldest?.queuedAt.getTime() ?? 0))).toBeLessThan(60_000);
  });
});
