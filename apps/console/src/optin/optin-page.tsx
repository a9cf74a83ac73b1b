import { Content, Heading, InlineAlert, Link } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useQuery } from '@tanstack/react-query';
import { fetchOptin, saveOptin, type Tagged } from '../api/configurations.ts';
import { dynamicsTableQuery, optinQuery } from '../api/queries.ts';
import type { OptinConfiguration } from '../api/types.ts';
import { ChoiceCards } from '../editing/choice-cards.tsx';
import { ConfigurationForm } from '../editing/configuration-form.tsx';
import { ConfigurationPage } from '../editing/configuration-page.tsx';
import { NumberEntry } from '../editing/entries.tsx';
import { DIRECTIONS } from '../editing/field-words.ts';
import { namesOf } from '../editing/names-of.ts';
import { Fields, Section } from '../editing/section.tsx';
import { useConfigurationEdit } from '../editing/use-configuration-edit.ts';
import { useSay } from '../locale/locale.tsx';
import type { MessageId } from '../locale/message.ts';
import { DecisionSearch } from './decision-search.tsx';
import { DirectionRule } from './direction-rule.tsx';
import { OptinSource } from './optin-source.tsx';
import { optinForm } from './optin-form.ts';
import { OptoutColumns } from './optout-columns.tsx';

const DIRECTION_HELP = {
  disabled: 'optin.direction.disabled.help',
  'dynamics-to-campaign': 'optin.direction.fromDynamics.help',
  'campaign-to-dynamics': 'optin.direction.fromCampaign.help',
  bidirectional: 'optin.direction.both.help',
} satisfies Record<OptinConfiguration['direction'], MessageId>;

/** Opt-In/Out: in which direction, which opt-outs, from where, and what was decided. */
export function OptinPage({ instance }: { instance: string }) {
  const answer = useQuery(optinQuery(instance));
  return (
    <ConfigurationPage instance={instance} workflow="optin" answer={answer}>
      {(read) => <OptinEditor instance={instance} read={read} />}
    </ConfigurationPage>
  );
}

const kind = { ...optinForm, read: fetchOptin, write: saveOptin };

interface Props {
  instance: string;
  read: Tagged<OptinConfiguration>;
}

function OptinEditor({ instance, read }: Props) {
  const say = useSay();
  const edit = useConfigurationEdit(instance, kind, read);
  const contact = useQuery(dynamicsTableQuery(instance, 'contact'));
  const { draft, change } = edit;
  return (
    <ConfigurationForm instance={instance} workflow="optin" edit={edit}>
      <Section title={say('optin.direction')} lead={say('optin.direction.help')}>
        <ChoiceCards
          at="/direction"
          label={say('optin.direction')}
          value={draft.direction}
          choices={namesOf(DIRECTIONS).map((value) => ({
            value,
            title: say(DIRECTIONS[value]),
            help: say(DIRECTION_HELP[value]),
          }))}
          onChange={(direction) => change({ ...draft, direction })}
        />
        {draft.direction === 'dynamics-to-campaign' && (
          <InlineAlert variant="informative" styles={style({ maxWidth: 'full' })}>
            <Heading>{say('optin.inMapping.title')}</Heading>
            <Content>
              {say('optin.inMapping.how')}{' '}
              <Link href={`/instances/${instance}/workflows/ingress/mappings/contact`}>
                {say('optin.inMapping.link')}
              </Link>
            </Content>
          </InlineAlert>
        )}
        {draft.direction === 'bidirectional' && <DirectionRule />}
        {draft.direction === 'bidirectional' && (
          <Fields>
            <NumberEntry
              at="/toleratedSkewSeconds"
              label={say('optin.skew')}
              help={say('optin.skew.help')}
              value={draft.toleratedSkewSeconds}
              onChange={(toleratedSkewSeconds) => change({ ...draft, toleratedSkewSeconds })}
            />
          </Fields>
        )}
      </Section>
      {draft.direction !== 'dynamics-to-campaign' && (
        <>
          <Section title={say('optin.mappings')} lead={say('optin.mappings.help')}>
            <OptoutColumns
              key={String(contact.data === undefined)}
              columns={contact.data?.columns ?? null}
              mappings={draft.mappings}
              onChange={(mappings) => change({ ...draft, mappings })}
            />
          </Section>
          <Section title={say('edit.source')}>
            <OptinSource draft={draft} onChange={change} />
          </Section>
        </>
      )}
      <DecisionSearch instance={instance} />
    </ConfigurationForm>
  );
}
