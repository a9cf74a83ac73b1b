import type { Everything } from '@landbridge/embedded';
import {
  IngressConfiguration,
  PendingEdit,
  type RunFailure,
  type TableMapping,
  type WorkflowStatus,
  WorkflowView,
} from '@landbridge/contracts';
import type { CampaignSimulator, DataverseSimulator } from '@landbridge/simulators';
import { until } from '@landbridge/testing';

/** What a story expects the workflow to show; what is left out does not matter. */
export interface Expected {
  status?: WorkflowStatus;
  backlog?: number;
  stopping?: boolean;
  pendingEdit?: boolean;
  /** Why it failed; a workflow may be FAILED for another reason first, such as a silent service. */
  failure?: RunFailure['code'];
}

/** One instance with its two simulated systems, and the people who work with it. */
export interface StoryInstance {
  readonly name: string;
  readonly dynamics: DataverseSimulator;
  readonly campaign: CampaignSimulator;
  view(): Promise<WorkflowView>;
  starts(): Promise<WorkflowView>;
  stops(): Promise<WorkflowView>;
  /** Saves the configuration with its first mapping changed by `change`. */
  edits(change: (mapping: TableMapping) => TableMapping): Promise<void>;
  pending(): Promise<PendingEdit>;
  /** The first mapping as it is saved. */
  mapping(): Promise<TableMapping>;
  /** Waits until the workflow shows what is expected. */
  until(expected: Expected, timeoutMs?: number): Promise<WorkflowView>;
  /** Waits until Campaign holds so many profiles and nothing is queued. */
  untilSettled(profileCount: number, timeoutMs?: number): Promise<void>;
  get(path: string): Promise<unknown>;
  closeSimulators(): Promise<void>;
}

function shows({ failure, ...seen }: WorkflowView, expected: Expected): boolean {
  const shown = { ...seen, failure: failure?.code };
  return Object.entries(expected).every(([key, value]) => Reflect.get(shown, key) === value);
}

/** Registers the instance and connects it; its workflow is not started yet. */
export async function openInstance(
  landbridge: Everything,
  name: string,
  dynamics: DataverseSimulator,
  campaign: CampaignSimulator,
): Promise<StoryInstance> {
  const { api } = landbridge;
  const base = `/instances/${name}`;
  const ingress = `${base}/workflows/ingress`;
  await api.request('PUT', base, { body: { name, production: false } });
  await api.request('PUT', `${base}/connections/dynamics`, { body: dynamics.connection });
  await api.request('PUT', `${base}/connections/campaign`, { body: campaign.connection });
  const view = () => api.workflow(name, 'ingress');
  const post = async (action: string): Promise<WorkflowView> =>
    WorkflowView.parse((await api.request('POST', `${ingress}/${action}`)).body);
  return {
    name,
    dynamics,
    campaign,
    view,
    starts: () => post('start'),
    stops: () => post('stop'),
    edits: async (change) => {
      const { body, headers } = await api.request('GET', `${ingress}/configuration`);
      const saved = IngressConfiguration.parse(configurationIn(body));
      const [first, ...rest] = saved.mappings;
      if (first === undefined) throw new Error('The instance has no mapping to edit');
      await api.request('PUT', `${ingress}/configuration`, {
        body: { mappings: [change(first), ...rest] },
        headers: { 'if-match': headers.get('etag') ?? '' },
      });
    },
    pending: async () =>
      PendingEdit.parse((await api.request('GET', `${ingress}/configuration/pending`)).body),
    mapping: async () => {
      const { body } = await api.request('GET', `${ingress}/configuration`);
      const [first] = IngressConfiguration.parse(configurationIn(body)).mappings;
      if (first === undefined) throw new Error('The instance has no mapping');
      return first;
    },
    until: (expected, timeoutMs = 60_000) =>
      until(`${name} to show ${JSON.stringify(expected)}`, view, (seen) => shows(seen, expected), {
        timeoutMs,
        everyMs: 50,
      }),
    untilSettled: async (profileCount, timeoutMs = 120_000) => {
      await until(
        `${profileCount} profiles in Campaign and an empty queue`,
        async () => ({ profiles: campaign.profileCount(), backlog: (await view()).backlog }),
        (seen) => seen.profiles === profileCount && seen.backlog === 0,
        { timeoutMs, everyMs: 100 },
      );
    },
    get: async (path) => (await api.request('GET', `${base}${path}`)).body,
    closeSimulators: async () => {
      await Promise.all([dynamics.close(), campaign.close()]);
    },
  };
}

/** GET answers the configuration itself, or wrapped with its revision. */
function configurationIn(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'configuration' in body
    ? body.configuration
    : body;
}
