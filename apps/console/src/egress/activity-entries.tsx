import {
  Badge,
  Disclosure,
  DisclosureHeader,
  DisclosurePanel,
  DisclosureTitle,
} from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { statusOf } from '../api/errors.ts';
import { dynamicsTableQuery } from '../api/queries.ts';
import type { ActivityTable, DynamicsColumnMetadata, EventKind } from '../api/types.ts';
import { ColumnEntry } from '../editing/column-entry.tsx';
import { TextEntry } from '../editing/entries.tsx';
import { useHasFault } from '../editing/entry-remarks.tsx';
import { Fields } from '../editing/section.tsx';
import { useSay } from '../locale/locale.tsx';

type Types = readonly DynamicsColumnMetadata['type'][];

const REQUIRED = ['date', 'regarding', 'subject'] as const;
const OPTIONAL = ['campaignName', 'deliveryName', 'trackingUrl', 'mirrorPageUrl'] as const;
const TEXT: Types = ['string', 'memo'];
const TYPES: Readonly<Record<(typeof REQUIRED)[number], Types>> = {
  date: ['dateTime', 'dateTimeIndependent', 'dateOnly'],
  regarding: ['lookup'],
  subject: TEXT,
};
const marks = style({
  display: 'flex',
  flexShrink: 0,
  alignItems: 'center',
  gap: 8,
  paddingEnd: 8,
});

interface Props {
  instance: string;
  kind: EventKind;
  isOn: boolean;
  activity: ActivityTable;
  onChange: (activity: ActivityTable) => void;
}

/** The table that one kind of events is written to, and its columns, as Dynamics 365 has them. */
export function ActivityEntries({ instance, kind, isOn, activity, onChange }: Props) {
  const say = useSay();
  const at = `/activities/${kind}`;
  const [open, setOpen] = useState(false);
  const faulty = useHasFault(at);
  const [looked, setLooked] = useState(activity.table);
  const table = useQuery({ ...dynamicsTableQuery(instance, looked), enabled: looked !== '' });
  const columns = table.data?.columns ?? null;
  const missing = statusOf(table.error) === 404;
  return (
    <Disclosure isExpanded={open || faulty} onExpandedChange={setOpen} data-activity={kind}>
      <DisclosureHeader>
        <DisclosureTitle>
          {say('egress.activity.title', {
            event: say(`egress.event.${kind}`),
            table: activity.table,
          })}
        </DisclosureTitle>
        <div className={marks}>
          {!isOn && (
            <Badge variant="neutral" fillStyle="subtle">
              {say('value.off')}
            </Badge>
          )}
          {columns !== null && (
            <Badge variant="positive" fillStyle="subtle">
              {say('egress.activity.found')}
            </Badge>
          )}
          {missing && (
            <Badge variant={isOn ? 'negative' : 'notice'} fillStyle="subtle">
              {say('egress.activity.missing')}
            </Badge>
          )}
        </div>
      </DisclosureHeader>
      <DisclosurePanel>
        <div onBlur={() => setLooked(activity.table)}>
          <Fields>
            <TextEntry
              at={`${at}/table`}
              label={say('egress.column.table')}
              help={missing ? say('egress.activity.install') : (table.data?.label ?? '\u00a0')}
              value={activity.table}
              onChange={(name) => onChange({ ...activity, table: name })}
            />
            {REQUIRED.map((field) => (
              <ColumnEntry
                key={`${field} ${columns === null}`}
                at={`${at}/${field}`}
                label={say(`egress.column.${field}`)}
                columns={columns}
                types={TYPES[field]}
                value={activity[field]}
                onChange={(column) => onChange({ ...activity, [field]: column ?? '' })}
              />
            ))}
            {OPTIONAL.map((field) => (
              <ColumnEntry
                key={`${field} ${columns === null}`}
                at={`${at}/${field}`}
                label={say(`egress.column.${field}`)}
                columns={columns}
                types={TEXT}
                value={activity[field]}
                none={say('egress.column.none')}
                onChange={(column) => onChange({ ...activity, [field]: column })}
              />
            ))}
          </Fields>
        </div>
      </DisclosurePanel>
    </Disclosure>
  );
}
