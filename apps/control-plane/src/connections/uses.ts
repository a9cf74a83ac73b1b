import type {
  EgressConfiguration,
  IngressConfiguration,
  OptinConfiguration,
} from '@landbridge/contracts';
import { EventKind } from '@landbridge/contracts';

/** What an instance is configured for: it says which rights are needed. */
export type Uses = {
  ingress: IngressConfiguration;
  egress: EgressConfiguration;
  optin: OptinConfiguration;
};

/** The kinds of events that become activities. */
export const kindsOn = ({ events }: EgressConfiguration): EventKind[] =>
  EventKind.options.filter((kind) => events[kind]);

/** Where Opt-In/Out writes by itself; from Dynamics 365 alone, the contact mapping does. */
export const writesOptouts = ({ direction }: Pick<OptinConfiguration, 'direction'>) => ({
  dynamics: direction === 'campaign-to-dynamics' || direction === 'bidirectional',
  campaign: direction === 'bidirectional',
});
