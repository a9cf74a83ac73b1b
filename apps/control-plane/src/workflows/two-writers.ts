import {
  type IngressConfiguration,
  type OptinConfiguration,
  WORKFLOW_TITLES,
  type WorkflowName,
} from '@landbridge/contracts';
import { optoutAttribute } from '@landbridge/mapping';
import { writesOptouts } from '../connections/uses.ts';
import type { FieldError } from '../invalid-request.ts';
import { activeRun } from './run-state.ts';
import {
  configured,
  type Configured,
  type WorkflowConfiguration,
} from './workflow-configuration.ts';
import type { WorkflowState } from './workflow.decider.ts';

/** The workflow that may write the same opt-outs; null: none does. */
export function otherWriterOf(workflow: WorkflowName): WorkflowName | null {
  switch (workflow) {
    case 'ingress':
      return 'optin';
    case 'optin':
      return 'ingress';
    case 'egress':
      return null;
  }
}

/** What a workflow writes by, now and after its next start: its run's configuration, and the saved one. */
export const configurationsIn = ({ run, configuration }: WorkflowState): WorkflowConfiguration[] =>
  [activeRun(run)?.configuration ?? null, configuration].filter((one) => one !== null);

/**
 * The opt-outs that `told` maps and one of `others` maps too: two writers of one value would each
 * undo the other's. Shape  an error at each place in `told`, which names the place in the other.
 */
export function mappedTwice(
  told: Configured,
  others: readonly WorkflowConfiguration[],
): FieldError[] {
  return others.flatMap((other) => between(told, configured(other)));
}

function between(told: Configured, other: Configured): FieldError[] {
  if (told.workflow === 'ingress' && other.workflow === 'optin') {
    return pairsOf(told.configuration, other.configuration).map(({ ingress, optin }) =>
      errorAt(ingress, { ...optin, workflow: 'optin' }),
    );
  }
  if (told.workflow === 'optin' && other.workflow === 'ingress') {
    return pairsOf(other.configuration, told.configuration).map(({ ingress, optin }) =>
      errorAt(optin, { ...ingress, workflow: 'ingress' }),
    );
  }
  return [];
}

type Place = { pointer: string; attribute: string };

const errorAt = (
  { pointer, attribute }: Place,
  there: Place & { workflow: WorkflowName },
): FieldError => ({
  pointer,
  message:
    `"${attribute}" is mapped in "${WORKFLOW_TITLES[there.workflow]}" too, at ${there.pointer}: ` +
    'each would undo what the other writes. Take it out of one of the two',
});

/** The places where ingress and Opt-In/Out map the same opt-out, under whichever name. */
function pairsOf(
  ingress: IngressConfiguration,
  optin: OptinConfiguration,
): { ingress: Place; optin: Place }[] {
  const writes = writesOptouts(optin);
  if (!writes.dynamics && !writes.campaign) return [];
  const fields = ingress.mappings.flatMap(({ campaignResource, fields }, mapping) =>
    campaignResource === 'profile'
      ? fields.map(({ campaign }, field) => ({
          pointer: `/mappings/${mapping}/fields/${field}/campaign`,
          attribute: campaign,
        }))
      : [],
  );
  return optin.mappings.flatMap(({ campaign }, index) =>
    fields
      .filter(({ attribute }) => optoutAttribute(campaign).values.includes(attribute))
      .map((field) => ({
        ingress: field,
        optin: { pointer: `/mappings/${index}/campaign`, attribute: campaign },
      })),
  );
}
