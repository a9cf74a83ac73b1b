import { randomUUID } from 'node:crypto';
import {
  DEFAULT_INSTANCE_SETTINGS,
  InstanceId,
  OptinConfiguration,
  type OptinDecision,
  type Report,
  Revision,
  RunId,
} from '@landbridge/contracts';
import { backlogOf, type Bus, publishDesired, readDecisions, seal } from '@landbridge/messaging';
import type { CampaignSimulator, DataverseSimulator } from '@landbridge/simulators';
import { until } from '@landbridge/testing';
import type { z } from 'zod';

export type OptinSettings = z.input<typeof OptinConfiguration>;

/** Of one contact on both sides: what Dynamics 365 holds, and Campaign. */
export type BothSides = { dynamics: unknown; campaign: unknown };

/** One instance whose opt-outs are kept in step, and the people on both sides. */
export interface OptinInstance {
  readonly name: InstanceId;
  readonly dynamics: DataverseSimulator;
  readonly campaign: CampaignSimulator;
  /** Tells the service to start a run with these settings; gives the run’s id. */
  starts(settings: OptinSettings): Promise<RunId>;
  stops(): Promise<void>;
  /** A profile for each contact; nobody has opted out of e-mail where nothing else is said. */
  profilesForAll(values?: Record<string, string | boolean>): string[];
  sides(contactId: string, pair?: { column: string; attribute: string }): BothSides;
  /** Until nothing is queued and both sides say the same of everybody. */
  inStep(timeoutMs?: number): Promise<void>;
  /** Until nothing is queued. */
  settled(timeoutMs?: number): Promise<void>;
  decisions(contactId: string): Promise<OptinDecision[]>;
  failure(runId: RunId): Promise<Extract<Report, { kind: 'runFailed' }>['failure']>;
  closeSimulators(): Promise<void>;
}

export const EMAIL = { column: 'donotbulkemail', attribute: 'blackListEmail' };

type World = { bus: Bus; key: string; reports: readonly Report[] };

export async function openOptinInstance(
  { bus, key, reports }: World,
  name: string,
  dynamics: DataverseSimulator,
  campaign: CampaignSimulator,
): Promise<OptinInstance> {
  const instance = InstanceId.parse(name);
  const at = { workflow: 'optin', instance } as const;
  let position = 0;
  let running: RunId | null = null;
  const reportOf = (kind: Report['kind'], runId: RunId) =>
    until(
      `the report ${kind}`,
      () => reports.find((report) => report.kind === kind && report.runId === runId),
      (report) => report !== undefined,
    );
  const sides = (contactId: string, { column, attribute } = EMAIL): BothSides => ({
    dynamics: dynamics.contact(contactId)?.[column] ?? false,
    campaign: campaign.profile(contactId)?.[attribute] ?? null,
  });
  const settled = async (timeoutMs = 60_000): Promise<void> => {
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
    starts: async (settings) => {
      const runId = RunId.parse(randomUUID());
      position += 1;
      await publishDesired(bus, {
        ...at,
        state: 'running',
        runId,
        revision: Revision.parse(1),
        configuration: OptinConfiguration.parse(settings),
        settings: DEFAULT_INSTANCE_SETTINGS,
        replays: [],
        sealedConnections: await seal(
          {
            dynamics: dynamics.connection,
            campaign: campaign.connection,
            sftp: campaign.sftp,
          },
          key,
        ),
        position: String(position),
        traceparent: null,
      });
      running = runId;
      return runId;
    },
    stops: async () => {
      const runId = running;
      if (runId === null) return;
      position += 1;
      await publishDesired(bus, {
        ...at,
        state: 'stopped',
        runId,
        position: String(position),
        traceparent: null,
      });
      await reportOf('runStopped', runId);
    },
    profilesForAll: (values = {}) => {
      const ids = dynamics.contactIds();
      for (const externalId of ids) {
        campaign.createProfile({ externalId, ...values });
        if (dynamics.contact(externalId)?.[EMAIL.column] === true) {
          dynamics.changeContact(externalId, { [EMAIL.column]: false });
        }
      }
      return ids;
    },
    sides,
    settled,
    inStep: async (timeoutMs = 60_000) => {
      await until(
        'both sides to say the same',
        () => dynamics.contactIds().filter((id) => differ(sides(id))),
        (differing) => differing.length === 0,
        { timeoutMs },
      );
      await settled(timeoutMs);
    },
    decisions: (contactId) => readDecisions(bus, instance, { contactId }),
    failure: async (runId) => {
      const report = await reportOf('runFailed', runId);
      if (report?.kind !== 'runFailed') throw new Error('The run has not failed');
      return report.failure;
    },
    closeSimulators: async () => {
      await Promise.all([dynamics.close(), campaign.close()]);
    },
  };
}

const differ = ({ dynamics, campaign }: BothSides): boolean =>
  campaign !== null && dynamics !== campaign;
