import { randomUUID } from 'node:crypto';
import {
  DEFAULT_INSTANCE_SETTINGS,
  EgressConfiguration,
  EventKind,
  InstanceId,
  type Report,
  type ReportOf,
  Revision,
  RunId,
} from '@landbridge/contracts';
import {
  backlogOf,
  type Bus,
  type DeadLetter,
  listDeadLetters,
  publishDesired,
  requestRetry,
  seal,
} from '@landbridge/messaging';
import type { CampaignSimulator, DataverseSimulator, MailEvent } from '@landbridge/simulators';
import { until } from '@landbridge/testing';
import type { z } from 'zod';

export type EgressSettings = z.input<typeof EgressConfiguration>;

/** Everything on, and an empty journal asked again at once. */
export const ALL_EVENTS = {
  events: { send: true, open: true, click: true, bounce: true },
  journal: { readEverySeconds: 1 },
  files: { lookEverySeconds: 1 },
} satisfies EgressSettings;

/** Which activity tells of which event, as Adobe's solution names them. */
export const TABLES: Readonly<Record<EventKind, string>> = {
  send: 'adobe_emailsend',
  open: 'adobe_emailopen',
  click: 'adobe_emailclick',
  bounce: 'adobe_emailbounce',
};

/** One instance whose events reach timelines, and the people on both sides. */
export interface EgressInstance {
  readonly name: InstanceId;
  readonly dynamics: DataverseSimulator;
  readonly campaign: CampaignSimulator;
  starts(settings?: EgressSettings): Promise<RunId>;
  stops(): Promise<void>;
  /** A profile for each contact, so that people have mail to answer. */
  profilesForAll(): string[];
  /** The events of profiles that a timeline shows, as Campaign's own ledger has them. */
  expected(): MailEvent[];
  activityCount(kind?: EventKind): number;
  /** Until there is an activity for each expected event and nothing is queued. */
  untilWritten(expected: readonly MailEvent[], timeoutMs?: number): Promise<void>;
  /** Until nothing is queued. */
  untilEmpty(timeoutMs?: number): Promise<void>;
  deadLetters(): Promise<DeadLetter[]>;
  retries(letter: DeadLetter): Promise<void>;
  reportOf<Kind extends Report['kind']>(kind: Kind, runId?: RunId): Promise<ReportOf<Kind>>;
  /** Of one kind of event, as the run last told; summed over `runs` of the service. */
  figures(table: string): { read: number; written: number; skipped: Record<string, number> };
  closeSimulators(): Promise<void>;
}

type World = { bus: Bus; key: string; reports: readonly Report[] };

export async function openEgressInstance(
  { bus, key, reports }: World,
  name: string,
  dynamics: DataverseSimulator,
  campaign: CampaignSimulator,
): Promise<EgressInstance> {
  const instance = InstanceId.parse(name);
  const at = { workflow: 'egress', instance } as const;
  const connections = {
    dynamics: dynamics.connection,
    campaign: campaign.connection,
    sftp: campaign.sftp,
  };
  let position = 0;
  let running: RunId | null = null;
  const isKind =
    <Kind extends Report['kind']>(kind: Kind, runId: RunId | undefined) =>
    (report: Report): report is ReportOf<Kind> =>
      report.kind === kind &&
      report.instance === instance &&
      (runId ?? report.runId) === report.runId;
  const reportOf = async <Kind extends Report['kind']>(kind: Kind, runId?: RunId) => {
    const found = await until(
      `the report ${kind} of ${instance}`,
      () => reports.find(isKind(kind, runId)) ?? null,
      (report) => report !== null,
    );
    if (found === null) throw new Error(`There is no report ${kind}`);
    return found;
  };
  const activityCount = (kind?: EventKind): number =>
    (kind === undefined ? EventKind.options : [kind])
      .map((one) => dynamics.rowCount(TABLES[one]))
      .reduce((sum, count) => sum + count, 0);
  const untilEmpty = async (timeoutMs = 60_000): Promise<void> => {
    await until(
      'an empty queue',
      () => backlogOf(bus, at),
      ({ queued, pending }) => queued + pending === 0,
      { timeoutMs },
    );
  };
  return {
    name: instance,
    dynamics,
    campaign,
    starts: async (settings = ALL_EVENTS) => {
      const runId = RunId.parse(randomUUID());
      position += 1;
      running = runId;
      await publishDesired(bus, {
        ...at,
        state: 'running',
        runId,
        revision: Revision.parse(1),
        configuration: EgressConfiguration.parse(settings),
        settings: DEFAULT_INSTANCE_SETTINGS,
        replays: [],
        sealedConnections: await seal(connections, key),
        position: String(position),
        traceparent: null,
      });
      return runId;
    },
    stops: async () => {
      const runId = running;
      if (runId === null) return;
      position += 1;
      const stop = { state: 'stopped', runId, traceparent: null } as const;
      await publishDesired(bus, { ...at, ...stop, position: String(position) });
      await reportOf('runStopped', runId);
    },
    profilesForAll: () => {
      const ids = dynamics.contactIds();
      for (const externalId of ids) {
        campaign.createProfile({ externalId, email: `${externalId}@example.com` });
      }
      return ids;
    },
    expected: () => {
      const shown = new Set<string>(EventKind.options);
      return campaign.ledger({ profilesOnly: true }).filter(({ kind }) => shown.has(kind));
    },
    activityCount,
    untilEmpty,
    untilWritten: async (expected, timeoutMs = 60_000) => {
      await until(
        `${expected.length} activities`,
        () => activityCount(),
        (count) => count >= expected.length,
        { timeoutMs },
      );
      await untilEmpty(timeoutMs);
    },
    deadLetters: () => listDeadLetters(bus, at, { limit: 1_000 }),
    retries: async ({ id, key: record, table }) => {
      await requestRetry(bus, { ...at, table }, { key: record, deadLetterId: id });
    },
    reportOf,
    figures: (table) => {
      const last = reports.findLast(isKind('figuresObserved', undefined));
      const found = last?.tables.find((one) => one.table === table);
      return found ?? { read: 0, written: 0, skipped: {} };
    },
    closeSimulators: async () => {
      await Promise.all([dynamics.close(), campaign.close()]);
    },
  };
}
