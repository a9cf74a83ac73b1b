import type { Api } from './api.ts';
import { ApiRefused } from './api.ts';

/** The bodies that a simulator gives for `PUT …/connections/{name}`. */
export type DemoConnections = {
  dynamics: object;
  campaign: object;
  sftp: object;
};

export const DEMO_INSTANCE = 'demo';

const ROOT = `/instances/${DEMO_INSTANCE}`;

/** What the demo does beside the mapping of contacts that every new instance has. */
const CONFIGURATIONS = {
  egress: { events: { send: true, open: true, click: true, bounce: true }, source: 'journal' },
  optin: {
    direction: 'bidirectional',
    source: 'poll',
    // Not the filter on every change, which would tell of what ingress writes too.
    poll: { everySeconds: 10, filter: 'byOptOutLastModified' },
    mappings: [
      { dynamics: 'donotbulkemail', campaign: 'denyListEmail' },
      { dynamics: 'donotphone', campaign: 'denyListPhone' },
    ],
  },
} as const;

/**
 * Sees to it that the instance `demo` is there, connected to the simulators, configured, and started
 * the first time; whoever stopped or changed it finds it so after the next `npm start`.
 */
export async function prepareDemo(api: Api, connections: DemoConnections): Promise<void> {
  const isNew = await isMissing(api, ROOT);
  if (isNew) await api.request('PUT', ROOT, { body: { name: 'Demo', production: false } });
  const moved = await connect(api, connections);
  const begun = {
    ingress: isNew,
    egress: await configure(api, 'egress'),
    optin: await configure(api, 'optin'),
  };
  for (const [workflow, isBegun] of Object.entries(begun)) {
    const { status } = await api.workflow(DEMO_INSTANCE, workflow);
    if (isBegun) await start(api, workflow);
    else if (moved && status !== 'STOPPED') await restart(api, workflow);
  }
}

/** True where nobody had configured it: a new instance, or one of an earlier version. */
async function configure(api: Api, workflow: 'egress' | 'optin'): Promise<boolean> {
  const { revision } = await api.workflow(DEMO_INSTANCE, workflow);
  if (revision > 1) return false;
  const path = `${ROOT}/workflows/${workflow}/configuration`;
  const present = await api.request('GET', path);
  await api.request('PUT', path, {
    body: CONFIGURATIONS[workflow],
    headers: { 'if-match': present.headers.get('etag') ?? '*' },
  });
  return true;
}

/** True when a connection had to be changed, because a simulator listens on another port now. */
async function connect(api: Api, connections: DemoConnections): Promise<boolean> {
  let changed = false;
  for (const [name, wanted] of Object.entries(connections)) {
    const path = `${ROOT}/connections/${name}`;
    const present = (await isMissing(api, path)) ? null : (await api.request('GET', path)).body;
    if (isConnectedTo(present, wanted)) continue;
    await api.request('PUT', path, { body: wanted });
    changed = true;
  }
  return changed;
}

/** What tells one simulator's address from another's. */
const ADDRESS = ['url', 'eventsUrl', 'host', 'port', 'hostKey'];

function isConnectedTo(present: unknown, wanted: object): boolean {
  if (typeof present !== 'object' || present === null) return false;
  return ADDRESS.every((field) => Reflect.get(present, field) === Reflect.get(wanted, field));
}

async function start(api: Api, workflow: string): Promise<void> {
  await api.request('POST', `${ROOT}/workflows/${workflow}/start`);
}

async function restart(api: Api, workflow: string): Promise<void> {
  await api.request('POST', `${ROOT}/workflows/${workflow}/stop`);
  while ((await api.workflow(DEMO_INSTANCE, workflow)).status !== 'STOPPED') {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await start(api, workflow);
}

async function isMissing(api: Api, path: string): Promise<boolean> {
  try {
    await api.request('GET', path);
    return false;
  } catch (error) {
    if (error instanceof ApiRefused && error.status === 404) return true;
    throw error;
  }
}
