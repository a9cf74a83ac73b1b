import { Button, ProgressCircle, TextField } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { decisionsQuery } from '../api/queries.ts';
import type { OptinDecision } from '../api/types.ts';
import { Section } from '../editing/section.tsx';
import { useExplain } from '../frame/notices.tsx';
import { useSay } from '../locale/locale.tsx';
import { useMoment } from '../locale/use-moment.ts';
import { useOptoutTitle } from './optout-columns.tsx';

const search = style({ display: 'flex', flexWrap: 'wrap', alignItems: 'end', gap: 12 });
const entry = style({ flexGrow: 1, flexBasis: 240, minWidth: 0, maxWidth: 368 });
const list = style({
  listStyleType: 'none',
  margin: 0,
  padding: 0,
  display: 'flex',
  flexDirection: 'column',
  gap: 12,
});
const item = style({
  display: 'grid',
  gridTemplateColumns: {
    default: ['minmax(0, 1fr)'],
    md: ['minmax(0, 1fr)', 'minmax(0, 1fr)', 'minmax(0, 1fr)'],
  },
  columnGap: 24,
  rowGap: 8,
  padding: 16,
  borderRadius: 'lg',
  borderStyle: 'solid',
  borderWidth: 1,
  borderColor: 'gray-200',
  font: 'body-sm',
});
const title = style({ font: 'title-sm', margin: 0 });
const line = style({ margin: 0, overflowWrap: 'anywhere' });

/** Why an opt-out of a person is what it is: the decisions about one contact. */
export function DecisionSearch({ instance }: { instance: string }) {
  const say = useSay();
  const explain = useExplain();
  const [text, setText] = useState('');
  const [contact, setContact] = useState<string | null>(null);
  const decisions = useQuery(decisionsQuery(instance, contact));
  return (
    <Section title={say('decisions.title')} lead={say('decisions.help')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const asked = text.trim();
          if (asked === contact) void decisions.refetch();
          else setContact(asked === '' ? null : asked);
        }}
      >
        <div className={search}>
          <div className={entry}>
            <TextField
              label={say('decisions.contact')}
              value={text}
              onChange={setText}
              styles={style({ width: 'full' })}
            />
          </div>
          <Button type="submit" variant="secondary">
            {say('decisions.search')}
          </Button>
        </div>
      </form>
      <div role="status" data-decisions>
        {decisions.isFetching && (
          <ProgressCircle isIndeterminate aria-label={say('decisions.loading')} />
        )}
        {decisions.error !== null && <p className={line}>{explain(decisions.error)}</p>}
        {decisions.data?.length === 0 && <p className={line}>{say('decisions.none')}</p>}
      </div>
      {decisions.data !== undefined && decisions.data.length > 0 && (
        <ol className={list}>
          {decisions.data.map((decision) => (
            <Decision key={decision.decidedAt + decision.attribute} decision={decision} />
          ))}
        </ol>
      )}
    </Section>
  );
}

function Decision({ decision }: { decision: OptinDecision }) {
  const say = useSay();
  const moment = useMoment();
  const optoutTitle = useOptoutTitle();
  const { dynamics, campaign } = decision;
  const out = (value: boolean | null) => say(value === true ? 'decisions.out' : 'decisions.in');
  return (
    <li className={item}>
      <div>
        <h3 className={title}>{optoutTitle(decision.attribute)}</h3>
        <p className={line}>
          {say('decisions.holds', { value: out(decision.value), time: moment(decision.decidedAt) })}
        </p>
        <p className={line}>{say(`decisions.written.${decision.written}`)}</p>
      </div>
      <div>
        <p className={line}>
          {say('decisions.dynamics', {
            value: out(dynamics.value),
            time: moment(dynamics.comparedAs),
          })}
        </p>
        <p className={line}>
          {campaign.changedAt === null
            ? say('decisions.campaignUntimed', { value: out(campaign.value) })
            : say('decisions.campaign', {
                value: out(campaign.value),
                time: moment(campaign.changedAt),
              })}
        </p>
      </div>
      <p className={line}>{say(`decisions.rule.${decision.rule}`)}</p>
    </li>
  );
}
