import { WorkflowName, type WorkflowView } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import type { StoryInstance } from './story-instance.ts';
import type { World } from './world.ts';

/** As the demo does it: all kinds of events, opt-outs both ways, both asked for every second. */
const CONFIGURATIONS = {
  egress: {
    events: { send: true, open: true, click: true, bounce: true },
    source: 'journal',
    journal: { readEverySeconds: 1 },
  },
  optin: {
    direction: 'bidirectional',
    source: 'poll',
    poll: { everySeconds: 1, filter: 'byOptOutLastModified' },
    mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListEmail' }],
  },
} as const;

/** All three workflows of one instance. */
export interface ThreeWorkflows {
  view: (workflow: WorkflowName) => Promise<WorkflowView>;
  views: () => Promise<WorkflowView[]>;
  /** Configures the two that begin switched off, and starts all three. */
  start: () => Promise<void>;
  /** Until each is RUNNING and has nothing queued. */
  untilIdle: (timeoutMs: number) => Promise<void>;
}

export function threeWorkflowsOf(world: World, { name }: StoryInstance): ThreeWorkflows {
  const { api } = world.landbridge;
  const view = (workflow: WorkflowName) => api.workflow(name, workflow);
  const views = () => Promise.all(WorkflowName.options.map(view));
  const path = (workflow: WorkflowName) => `/instances/${name}/workflows/${workflow}`;
  return {
    view,
    views,
    start: async () => {
      for (const workflow of ['egress', 'optin'] as const) {
        const configuration = `${path(workflow)}/configuration`;
        const { headers } = await api.request('GET', configuration);
        await api.request('PUT', configuration, {
          body: CONFIGURATIONS[workflow],
          headers: { 'if-match': headers.get('etag') ?? '' },
        });
      }
      for (const workflow of WorkflowName.options)
        await api.request('POST', `${path(workflow)}/start`);
    },
    untilIdle: async (timeoutMs) => {
      await until(
        'all three to be RUNNING without a backlog',
        async () =>
          (await views()).map(({ workflow, status, backlog }) => ({ workflow, status, backlog })),
        (seen) => seen.every(({ status, backlog }) => status === 'RUNNING' && backlog === 0),
        { timeoutMs, everyMs: 200 },
      );
    },
  };
}
