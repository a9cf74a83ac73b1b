import { bodyOf, client } from './client.ts';
import type {
  CampaignResourceMetadata,
  DynamicsTableMetadata,
  InstanceView,
  OptinDecision,
  PendingEdit,
  SessionView,
  WorkflowName,
  WorkflowView,
} from './types.ts';

/** Who is signed in. */
export async function fetchSession(): Promise<SessionView> {
  return bodyOf(await client.GET('/api/v1/session'));
}

/** Makes this browser forget its session. */
export async function signOut(): Promise<void> {
  const answer = await client.DELETE('/api/v1/session');
  if (!answer.response.ok) bodyOf(answer);
}

/** The instances that the person may see. */
export async function fetchInstances(): Promise<InstanceView[]> {
  return bodyOf(await client.GET('/api/v1/instances')).items;
}

/** The three workflows of an instance. */
export async function fetchWorkflows(instance: string): Promise<WorkflowView[]> {
  const path = { instance };
  return bodyOf(await client.GET('/api/v1/instances/{instance}/workflows', { params: { path } }))
    .items;
}

/** Starts or stops a workflow; asking twice is asking once. */
export async function actOn(
  action: 'start' | 'stop',
  instance: string,
  workflow: WorkflowName,
): Promise<WorkflowView> {
  const params = { path: { instance, workflow } };
  return bodyOf(
    action === 'start'
      ? await client.POST('/api/v1/instances/{instance}/workflows/{workflow}/start', { params })
      : await client.POST('/api/v1/instances/{instance}/workflows/{workflow}/stop', { params }),
  );
}

/** What was saved of a workflow and waits for Stop and Start. */
export async function fetchPending(instance: string, workflow: WorkflowName): Promise<PendingEdit> {
  const params = { path: { instance, workflow } };
  return bodyOf(
    await client.GET('/api/v1/instances/{instance}/workflows/{workflow}/configuration/pending', {
      params,
    }),
  );
}

/** What Opt-In/Out decided of a contact, the newest first. Throws  ApiProblem: 400 for no id. */
export async function fetchDecisions(instance: string, contact: string): Promise<OptinDecision[]> {
  return bodyOf(
    await client.GET('/api/v1/instances/{instance}/workflows/optin/decisions', {
      params: { path: { instance }, query: { contact } },
    }),
  ).items;
}

/** A Dynamics 365 table with its columns, as the instance's environment has it now. */
export async function fetchDynamicsTable(
  instance: string,
  table: string,
): Promise<DynamicsTableMetadata> {
  const params = { path: { instance, table } };
  return bodyOf(
    await client.GET('/api/v1/instances/{instance}/metadata/dynamics/{table}', { params }),
  );
}

/** A Campaign resource with its fields, as the instance's Campaign has it now. */
export async function fetchCampaignResource(
  instance: string,
  resource: string,
): Promise<CampaignResourceMetadata> {
  const params = { path: { instance, resource } };
  return bodyOf(
    await client.GET('/api/v1/instances/{instance}/metadata/campaign/{resource}', { params }),
  );
}
