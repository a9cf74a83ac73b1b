import { Revision as RevisionSchema, type IngressConfiguration } from '@landbridge/contracts';
import { CommandRefused, FieldsRefused, RevisionStale } from '../errors.ts';
import type { FieldError } from '../invalid-request.ts';
import {
  configured,
  ingressOf,
  isSameConfiguration,
  type WorkflowConfiguration,
} from './workflow-configuration.ts';
import type { WorkflowCommand, WorkflowState } from './workflow.decider.ts';
import type { WorkflowEvent } from './workflow.events.ts';

/** Saves a revision; a table that was mapped before and comes back is loaded in full again. */
export function decideSave(
  command: Extract<WorkflowCommand, { type: 'SaveConfiguration' }>,
  state: WorkflowState,
): WorkflowEvent[] {
  const { configuration, expected, replayId } = command;
  const given = configured(configuration);
  if (given.workflow !== state.workflow) {
    const reason = `This is a configuration of ${given.workflow}.`;
    throw new CommandRefused('SaveConfiguration', reason);
  }
  if (expected !== 'any' && expected !== state.revision) {
    throw new RevisionStale(expected, state.revision);
  }
  if (isSameConfiguration(configuration, state.configuration)) return [];
  const changed =
    given.workflow === 'ingress'
      ? finalFaults(ingressOf(state.configuration), given.configuration)
      : [];
  if (changed.length > 0) throw new FieldsRefused(changed);
  const revision = RevisionSchema.parse(state.revision + 1);
  const mapped = new Set(tablesIn(state.configuration));
  const back = tablesIn(configuration).filter(
    (table) => !mapped.has(table) && state.replays.mappedBefore.includes(table),
  );
  return [
    { type: 'ConfigurationSaved', revision, configuration },
    ...back.map((table): WorkflowEvent => ({
      type: 'ReplayRequested',
      table,
      replayId,
      cause: 'remapped',
    })),
  ];
}

/** The tables that ingress maps; none for the other workflows. */
export const tablesIn = (configuration: WorkflowConfiguration | null): string[] =>
  ingressOf(configuration)?.mappings.map(({ dynamicsTable }) => dynamicsTable) ?? [];

/** What of a saved mapping may not be changed any more: its resource and its key. */
function finalFaults(
  before: IngressConfiguration | null,
  after: IngressConfiguration,
): FieldError[] {
  const saved = new Map(before?.mappings.map((mapping) => [mapping.dynamicsTable, mapping]));
  return after.mappings.flatMap((mapping, index) => {
    const was = saved.get(mapping.dynamicsTable);
    if (was === undefined) return [];
    const compared = [
      ['/campaignResource', was.campaignResource, mapping.campaignResource],
      ['/key/dynamics', was.key.dynamics, mapping.key.dynamics],
      ['/key/campaign', was.key.campaign, mapping.key.campaign],
    ] as const;
    return compared
      .filter(([, old, now]) => old !== now)
      .map(([pointer, old]) => ({
        pointer: `/mappings/${index}${pointer}`,
        message: `is final once saved and stays "${old}"; delete the mapping, save, and add it again`,
      }));
  });
}
