import type {
  ConnectionName,
  EgressConfiguration,
  IngressConfiguration,
  OptinConfiguration,
  WorkflowName,
} from '@landbridge/contracts';
import { mappedTwice } from './two-writers.ts';
import type { Configured, WorkflowConfiguration } from './workflow-configuration.ts';

/** A connection that is set; `journal`: Campaign's has the address of its events too. */
export type ReachableEnd = ConnectionName | 'journal';

/** What is said to be missing; the console knows these sentences by heart. */
const MISSING = {
  dynamics: 'The connection to Dynamics 365 is not set.',
  campaign: 'The connection to Campaign is not set.',
  journal: 'The connection to Campaign has no eventsUrl: the address of the events’ journal.',
  sftp: 'The connection to SFTP is not set.',
} as const satisfies Record<ReachableEnd, string>;

/** What a workflow meets in its instance. */
export interface Surroundings {
  /** Those that are set. */
  connections: readonly ReachableEnd[];
  /** What the other writer of opt-outs is configured with, as it runs and as it is saved. */
  others: readonly WorkflowConfiguration[];
}

/**
 * Why a workflow has nothing to do, nowhere to do it, or somebody who undoes it, as a sentence;
 * null: it may start.
 */
export function whyNot(told: Configured, { connections, others }: Surroundings): string | null {
  const first = nothingToDo(told);
  if (first !== null) return first;
  const missing = needsOf(told).find((end) => !connections.includes(end));
  if (missing !== undefined) return MISSING[missing];
  return mappedTwice(told, others).length > 0 ? MAPPED_TWICE[told.workflow] : null;
}

const MAPPED_TWICE = {
  ingress:
    'An opt-out of the contact mapping is mapped in Opt-In/Out too, saved or in its run, and each would undo what the other writes: take it out of one of the two.',
  optin:
    'An opt-out is mapped in the contact mapping of Microsoft Dynamics 365 to Campaign too, saved or in its run, and each would undo what the other writes: take it out of one of the two.',
  egress: null,
} as const satisfies Record<WorkflowName, string | null>;

function nothingToDo(told: Configured): string | null {
  switch (told.workflow) {
    case 'ingress':
      return noMapping(told.configuration);
    case 'egress':
      return noEvent(told.configuration);
    case 'optin':
      return noDirection(told.configuration);
  }
}

const noMapping = ({ mappings }: IngressConfiguration): string | null =>
  mappings.length === 0 ? 'Nothing is configured: map a table first.' : null;

const noEvent = ({ events }: EgressConfiguration): string | null =>
  Object.values(events).some((isOn) => isOn)
    ? null
    : 'All events are off: switch on send, open, click or bounce first.';

function noDirection({ direction, mappings }: OptinConfiguration): string | null {
  if (direction === 'disabled') return 'The direction is Disabled: choose another one first.';
  if (direction === 'dynamics-to-campaign') {
    return 'Unidirectional from Dynamics 365 needs no run of its own: map the fields in the contact mapping of Microsoft Dynamics 365 to Campaign.';
  }
  return mappings.length === 0 ? 'No opt-out is mapped: add a mapping first.' : null;
}

function needsOf(told: Configured): ReachableEnd[] {
  const both: ReachableEnd[] = ['dynamics', 'campaign'];
  switch (told.workflow) {
    case 'ingress':
      return both;
    case 'egress':
      return [...both, told.configuration.source === 'journal' ? 'journal' : 'sftp'];
    case 'optin':
      return told.configuration.source === 'export' ? [...both, 'sftp'] : both;
  }
}
