import type { ConfigurationChange, RunFailure } from '@landbridge/contracts';
import type { Dealing } from '../dead-letters/dead-letter.events.ts';
import type { InstanceEvent } from '../instances/instance.events.ts';
import type { VerificationEvent } from '../verifications/verification.events.ts';
import { changesBetween } from './configuration-changes.ts';
import type { WorkflowConfiguration } from './workflow-configuration.ts';
import { settingsChanges } from './settings-changes.ts';
import type { WorkflowEvent } from './workflow.events.ts';

const PHASES = {
  load: 'is read in full',
  overlap: 'is read again from the load’s beginning',
  changes: 'is followed change by change',
  deletions: 'is searched for deletions',
} as const;

const CONNECTIONS = { dynamics: 'Dynamics 365', campaign: 'Campaign', sftp: 'SFTP' } as const;

const CHOSEN = {
  ids: (count: number | null) => (count === 1 ? '1 chosen record' : `${count ?? 0} chosen records`),
  filter: () => 'Records that a filter chose',
  changedSince: () => 'Records that changed since a time',
} as const;

/** Changes told of one edit; the rest is counted. */
const CHANGES_TOLD_MAX = 10;

/** What happened to a workflow, as a sentence for people. `before`: the revision saved before. */
export function tellWorkflowEvent(
  event: WorkflowEvent,
  before: WorkflowConfiguration | null,
): string {
  switch (event.type) {
    case 'WorkflowBegunAnew':
      return 'The workflow begins anew, for its instance was removed and registered again';
    case 'ConfigurationSaved':
      return `Revision ${event.revision} was saved${tellEdit(before, event.configuration)}`;
    case 'StartRequested':
      return `A start was requested, with revision ${event.revision}`;
    case 'RunStarted':
      return `The run was taken up by ${event.replica}`;
    case 'StopRequested':
      return 'A stop was requested';
    case 'ReplicaStopped':
      return `${event.replica} ended the run`;
    case 'RunStopped':
      return 'The run is stopped';
    case 'RunFailed':
      return `The run failed: ${tellFailure(event.failure)}`;
    case 'HeartbeatLost':
      return event.replica === null
        ? 'No service is heard that could take the run up'
        : `${event.replica} is no longer heard`;
    case 'HeartbeatReturned':
      return event.replica === null
        ? 'A service is heard again'
        : `${event.replica} is heard again and goes on with the run`;
    case 'ConditionRaised':
      return `${event.condition}: ${event.message}`;
    case 'ConditionCleared':
      return `${event.condition} is over`;
    case 'CursorReset':
      // A journal is read onwards alone: its reason says where from.
      return event.table === 'journal'
        ? event.reason
        : `${event.table} is read in full again: ${event.reason}`;
    case 'ReplayRequested':
      return event.cause === 'person'
        ? `A replay of ${event.table} was requested for the next start`
        : `${event.table} is mapped again and will be loaded in full at the next start`;
    case 'ReplayWithdrawn':
      return `The replay of ${event.table} was taken back`;
    case 'RecordsReplayed':
      return `${CHOSEN[event.by](event.records)} of ${event.table} are written again`;
    case 'HeldDeletesDecided':
      return tellHeldDeletes(event);
    case 'RequestRepeated':
      return `A ${event.action} was requested, which held already`;
    case 'ReadPhaseChanged':
      return `${event.progress.table} ${PHASES[event.progress.phase]}`;
  }
}

function tellHeldDeletes({
  table,
  decision,
  count,
  note,
}: Extract<WorkflowEvent, { type: 'HeldDeletesDecided' }>): string {
  const deed = decision === 'approve' ? 'approved' : 'discarded';
  const deletes = count === 1 ? '1 delete' : `${count} deletes`;
  return `${deletes} of ${table} that waited ${count === 1 ? 'was' : 'were'} ${deed}${note === null ? '' : `: ${note}`}`;
}

/** What happened to the instance, as a sentence for people. */
export function tellInstanceEvent(event: InstanceEvent): string {
  switch (event.type) {
    case 'InstanceRegistered':
      return `The instance ${event.name} was registered`;
    case 'InstanceChanged':
      return `The instance is now named ${event.name}${event.production ? ', for production' : ''}`;
    case 'InstanceRemoved':
      return 'The instance was removed';
    case 'ConnectionChanged':
      return `The connection to ${CONNECTIONS[event.connection]} was set`;
    case 'SettingsSaved':
      return `The settings were saved${tellChanges(settingsChanges(event.before, event.settings))}`;
  }
}

/** What one command did about dead letters. `table` null: they were of several tables. */
export function tellDealing(
  event: Dealing,
  { table, count }: { table: string | null; count: number },
): string {
  switch (event.type) {
    case 'DeadLetterRetried':
      return count === 1
        ? `The dead letter of ${event.table} ${event.key} was retried`
        : `${count} dead letters${table === null ? '' : ` of ${table}`} were retried`;
    case 'DeadLetterDiscarded':
      return `The dead letter of ${event.table} ${event.key} was discarded: ${event.note}`;
  }
}

/** What happened to a verification, as a sentence for people. */
export function tellVerificationEvent(event: VerificationEvent): string {
  switch (event.type) {
    case 'VerificationsForgotten':
      return 'Earlier verifications were forgotten, for the instance was registered again';
    case 'VerificationRequested':
      return `A verification of ${event.table} was requested${event.repair ? ', and what differs is queued again' : ''}`;
    case 'VerificationProgressed':
    case 'VerificationEnded':
      return tellPhase(event);
    case 'VerificationCancelled':
      return `The verification of ${event.table} was called off`;
    case 'RepairRequested':
      return `What differs in ${event.table} was to be queued again`;
  }
}

function tellPhase({
  table,
  phase,
  message,
  figures,
}: Extract<VerificationEvent, { type: 'VerificationProgressed' | 'VerificationEnded' }>): string {
  const { comparedCount, missing, different, leftOver } = figures;
  switch (phase) {
    case 'waiting':
      return `The verification of ${table} waits`;
    case 'comparing':
      return `${table} is compared`;
    case 'repairing':
      return `What differs in ${table} is queued again`;
    case 'done':
      return `The verification of ${table} is done: ${comparedCount} compared, ${missing} missing, ${different} different, ${leftOver} left over`;
    case 'failed':
      return `The verification of ${table} failed${message === null ? '' : `: ${message}`}`;
    case 'cancelled':
      return `The verification of ${table} was called off`;
  }
}

function tellFailure({ message, field }: RunFailure): string {
  return field === null || message.includes(field) ? message : `${message} (${field})`;
}

function tellEdit(before: WorkflowConfiguration | null, after: WorkflowConfiguration): string {
  return before === null ? '' : tellChanges(changesBetween(before, after));
}

function tellChanges(changes: readonly ConfigurationChange[]): string {
  const told = changes.map(({ summary }) => summary);
  if (told.length === 0) return '';
  const more = told.length - CHANGES_TOLD_MAX;
  return `: ${told.slice(0, CHANGES_TOLD_MAX).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
