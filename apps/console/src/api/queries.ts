import { queryOptions } from '@tanstack/react-query';
import {
  fetchCampaignResource,
  fetchDecisions,
  fetchDynamicsTable,
  fetchInstances,
  fetchPending,
  fetchSession,
} from './calls.ts';
import { fetchEgress, fetchIngress, fetchOptin } from './configurations.ts';
import type { WorkflowView } from './types.ts';

/** Who is signed in; every other question waits for it. */
export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: fetchSession });

/** The instances that the person may see. */
export const instancesQuery = queryOptions({ queryKey: ['instances'], queryFn: fetchInstances });

/** The key under which an instance's workflows are kept; events write to it too. */
export const workflowsKey = (instance: string) => ['workflows', instance] as const;

/** The waiting changes; asked anew whenever another revision is saved or started. */
export const pendingQuery = (view: WorkflowView) =>
  queryOptions({
    queryKey: ['pending', view.instance, view.workflow, view.revision, view.activeRevision],
    queryFn: () => fetchPending(view.instance, view.workflow),
    enabled: view.pendingEdit,
  });

/** A configuration is not kept fresh by itself: a person may be editing it. */
const whileEdited = {
  staleTime: 0,
  gcTime: 0,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
} as const;

/** The saved configuration of ingress. */
export const ingressQuery = (instance: string) =>
  queryOptions({
    queryKey: ['configuration', instance, 'ingress'],
    queryFn: () => fetchIngress(instance),
    ...whileEdited,
  });

/** The saved configuration of egress. */
export const egressQuery = (instance: string) =>
  queryOptions({
    queryKey: ['configuration', instance, 'egress'],
    queryFn: () => fetchEgress(instance),
    ...whileEdited,
  });

/** The saved configuration of Opt-In/Out. */
export const optinQuery = (instance: string) =>
  queryOptions({
    queryKey: ['configuration', instance, 'optin'],
    queryFn: () => fetchOptin(instance),
    ...whileEdited,
  });

/** The decisions about a contact's opt-outs; null: no contact was asked for. */
export const decisionsQuery = (instance: string, contact: string | null) =>
  queryOptions({
    queryKey: ['decisions', instance, contact],
    queryFn: () => fetchDecisions(instance, contact ?? ''),
    enabled: contact !== null,
    staleTime: 0,
  });

/** The columns of a Dynamics 365 table. */
export const dynamicsTableQuery = (instance: string, table: string) =>
  queryOptions({
    queryKey: ['metadata', instance, 'dynamics', table],
    queryFn: () => fetchDynamicsTable(instance, table),
    staleTime: 60_000,
  });

/** The fields of a Campaign resource. */
export const campaignResourceQuery = (instance: string, resource: string) =>
  queryOptions({
    queryKey: ['metadata', instance, 'campaign', resource],
    queryFn: () => fetchCampaignResource(instance, resource),
    staleTime: 60_000,
  });
