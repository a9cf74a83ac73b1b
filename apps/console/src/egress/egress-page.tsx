import { Switch } from '@react-spectrum/s2';
import { useQuery } from '@tanstack/react-query';
import { fetchEgress, saveEgress, type Tagged } from '../api/configurations.ts';
import { egressQuery } from '../api/queries.ts';
import type { EgressConfiguration } from '../api/types.ts';
import { ConfigurationForm } from '../editing/configuration-form.tsx';
import { ConfigurationPage } from '../editing/configuration-page.tsx';
import { NumberEntry, TextEntry } from '../editing/entries.tsx';
import { Fields, Section } from '../editing/section.tsx';
import { useConfigurationEdit } from '../editing/use-configuration-edit.ts';
import { useSay } from '../locale/locale.tsx';
import { ActivityEntries } from './activity-entries.tsx';
import { egressForm, EVENT_KINDS } from './egress-form.ts';
import { EventSwitches } from './event-switches.tsx';
import { SourceEntries } from './source-entries.tsx';

/** Campaign to Microsoft Dynamics 365: which events, from where, into which activities. */
export function EgressPage({ instance }: { instance: string }) {
  const answer = useQuery(egressQuery(instance));
  return (
    <ConfigurationPage instance={instance} workflow="egress" answer={answer}>
      {(read) => <EgressEditor instance={instance} read={read} />}
    </ConfigurationPage>
  );
}

const kind = { ...egressForm, read: fetchEgress, write: saveEgress };

interface Props {
  instance: string;
  read: Tagged<EgressConfiguration>;
}

function EgressEditor({ instance, read }: Props) {
  const say = useSay();
  const edit = useConfigurationEdit(instance, kind, read);
  const { draft, change } = edit;
  const { recipientFilter } = draft;
  return (
    <ConfigurationForm instance={instance} workflow="egress" edit={edit}>
      <Section title={say('egress.events')} lead={say('egress.events.help')}>
        <EventSwitches
          instance={instance}
          events={draft.events}
          onChange={(events) => change({ ...draft, events })}
        />
      </Section>
      <Section title={say('edit.source')}>
        <SourceEntries draft={draft} onChange={change} />
      </Section>
      <Section title={say('egress.activities')} lead={say('egress.activities.help')}>
        <div>
          {EVENT_KINDS.map((kind) => (
            <ActivityEntries
              key={kind}
              instance={instance}
              kind={kind}
              isOn={draft.events[kind]}
              activity={draft.activities[kind]}
              onChange={(activity) =>
                change({ ...draft, activities: { ...draft.activities, [kind]: activity } })
              }
            />
          ))}
        </div>
      </Section>
      <Section title={say('egress.contact')} lead={say('egress.contact.help')}>
        <Fields>
          <NumberEntry
            at="/contactWaitMinutes"
            label={say('egress.contactWait')}
            help={say('egress.contactWait.help')}
            value={draft.contactWaitMinutes}
            onChange={(contactWaitMinutes) => change({ ...draft, contactWaitMinutes })}
          />
        </Fields>
        <Switch
          isSelected={recipientFilter !== null}
          onChange={(on) =>
            change({ ...draft, recipientFilter: on ? { filter: '', parameter: '' } : null })
          }
        >
          {say('egress.recipientFilter')}
        </Switch>
        {recipientFilter !== null && (
          <Fields>
            <TextEntry
              at="/recipientFilter/filter"
              label={say('edit.filter')}
              placeholder="byRecipientId"
              value={recipientFilter.filter}
              onChange={(filter) =>
                change({ ...draft, recipientFilter: { ...recipientFilter, filter } })
              }
            />
            <TextEntry
              at="/recipientFilter/parameter"
              label={say('edit.parameter')}
              placeholder="id_parameter"
              value={recipientFilter.parameter}
              onChange={(parameter) =>
                change({ ...draft, recipientFilter: { ...recipientFilter, parameter } })
              }
            />
          </Fields>
        )}
      </Section>
    </ConfigurationForm>
  );
}
