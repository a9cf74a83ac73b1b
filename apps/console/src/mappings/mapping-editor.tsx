import {
  ActionButton,
  Content,
  Heading,
  InlineAlert,
  SearchField,
  Switch,
  Text,
} from '@react-spectrum/s2';
import Add from '@react-spectrum/s2/icons/Add';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { Tagged } from '../api/configurations.ts';
import { campaignResourceQuery, dynamicsTableQuery } from '../api/queries.ts';
import type { IngressConfiguration, TableMapping } from '../api/types.ts';
import { ElsewhereNotice } from '../editing/elsewhere-notice.tsx';
import { useExplain } from '../frame/notices.tsx';
import { useSay } from '../locale/locale.tsx';
import {
  shownName,
  sourceChoices,
  targetChoices,
  type FieldChoice,
} from '../editing/field-choice.ts';
import { FieldRow } from './field-row.tsx';
import { KeyRow } from './key-row.tsx';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { isWithinRow, type DraftRow } from './mapping-draft.ts';
import { SaveBar } from '../editing/save-bar.tsx';
import { StaleNotice } from '../editing/stale-notice.tsx';
import { useMappingEdit, type MappingEdit } from './use-mapping-edit.ts';

const stack = style({ display: 'flex', flexDirection: 'column', gap: 16 });
const heading = style({ font: 'heading', margin: 0 });
const tools = style({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  columnGap: 24,
  rowGap: 12,
});
const list = style({ listStyleType: 'none', margin: 0, padding: 0 });
const line = style({ font: 'body-sm', margin: 0 });

interface Props {
  instance: string;
  mapping: TableMapping;
  read: Tagged<IngressConfiguration>;
}

/** The field mappings of one table, with all that editing needs. */
export function MappingEditor({ instance, mapping, read }: Props) {
  const say = useSay();
  const explain = useExplain();
  const edit = useMappingEdit(instance, mapping.dynamicsTable, read);
  const { sources, targets, known, error } = useChoices(instance, mapping);
  const [search, setSearch] = useState('');
  const listElement = useRef<HTMLUListElement>(null);
  useFocusOnNewRow(listElement, edit.rows.length);
  useFocusOnFault(listElement, edit.state);
  const names = useMemo(
    () => new Map([...sources, ...targets].map((choice) => [choice.id, shownName(choice)])),
    [sources, targets],
  );
  const shown = edit.rows.filter((row) => matches(row, search, names));
  const used = new Set(edit.rows.map(({ campaign }) => campaign));
  const free = targets.filter(({ id }) => !used.has(id) && id !== mapping.key.campaign);
  return (
    <div className={stack}>
      {error !== null && (
        <InlineAlert variant="notice" styles={style({ maxWidth: 'full' })}>
          <Heading>{say('mapping.noMetadata')}</Heading>
          <Content>{explain(error)}</Content>
        </InlineAlert>
      )}
      {edit.state.kind === 'stale' && (
        <StaleNotice
          lines={edit.state.changes.map(({ kind, field }) =>
            say(`save.stale.${kind}`, { from: field.dynamics, to: field.campaign }),
          )}
          onTake={edit.takeTheirs}
        />
      )}
      <h2 className={heading}>{say('mapping.heading')}</h2>
      <div className={tools}>
        <SearchField
          aria-label={say('mapping.search')}
          placeholder={say('mapping.search')}
          value={search}
          onChange={setSearch}
          styles={style({ width: 256, maxWidth: 'full' })}
        />
        <Switch
          isSelected={edit.rows.length > 0 && edit.rows.every((row) => row.applyUpdates)}
          isDisabled={edit.rows.length === 0}
          onChange={edit.applyAll}
        >
          {say('mapping.applyAll')}
        </Switch>
      </div>
      <p className={line}>{say('mapping.applyUpdates.help')}</p>
      <ul className={list} ref={listElement}>
        <KeyRow keyFields={mapping.key} names={names} />
        {shown.map((row) => (
          <FieldRow
            key={row.id}
            row={row}
            sources={sources}
            known={known}
            targets={ownAnd(free, targets, row.campaign)}
            faults={edit.faults.filter((fault) => isWithinRow(fault, row.id))}
            warnings={edit.warnings.filter((fault) => isWithinRow(fault, row.id))}
            onChange={edit.change}
            onDelete={() => edit.remove(row.id)}
          />
        ))}
      </ul>
      {edit.rows.length === 0 && (
        <p className={line}>
          <strong>{say('mapping.empty.title')}</strong> {say('mapping.empty.how')}
        </p>
      )}
      {edit.rows.length > 0 && shown.length === 0 && (
        <p className={line}>{say('mapping.nothingFound', { text: search })}</p>
      )}
      <ActionButton
        data-action="add"
        styles={style({ alignSelf: 'start' })}
        onPress={() => {
          setSearch('');
          edit.add();
        }}
      >
        <Add />
        <Text>{say('mapping.add')}</Text>
      </ActionButton>
      <p className={line}>
        {say('mapping.others', {
          replacements: mapping.replacements.length,
          filter: mapping.filter === null ? 'no' : 'yes',
        })}
      </p>
      <ElsewhereNotice state={edit.state} />
      <SaveBar edit={edit} instance={instance} workflow="ingress" />
      <LeaveGuard unsaved={edit.changed} />
    </div>
  );
}

function useChoices(instance: string, mapping: TableMapping) {
  const table = useQuery(dynamicsTableQuery(instance, mapping.dynamicsTable));
  const resource = useQuery(campaignResourceQuery(instance, mapping.campaignResource));
  const columns = table.data?.columns;
  const fields = resource.data?.fields;
  const sources = useMemo(() => sourceChoices(columns ?? []), [columns]);
  const targets = useMemo(() => targetChoices(fields ?? []), [fields]);
  const known = columns !== undefined && fields !== undefined;
  return { sources, targets, known, error: table.error ?? resource.error };
}

function matches(row: DraftRow, search: string, names: ReadonlyMap<string, string>): boolean {
  if (search === '' || row.dynamics === null || row.campaign === null) return true;
  const text = [row.dynamics, row.campaign].map((id) => `${id} ${names.get(id) ?? ''}`).join(' ');
  return text.toLocaleLowerCase().includes(search.toLocaleLowerCase());
}

/** The free choices and the one that the row has already. */
function ownAnd(
  free: readonly FieldChoice[],
  all: readonly FieldChoice[],
  own: string | null,
): readonly FieldChoice[] {
  const mine = all.find(({ id }) => id === own);
  return mine === undefined ? free : [mine, ...free];
}

/** Puts the cursor into a row that was just added. */
function useFocusOnNewRow(list: RefObject<HTMLUListElement | null>, count: number): void {
  const before = useRef(count);
  useEffect(() => {
    if (count > before.current) {
      list.current?.querySelector<HTMLInputElement>(':scope > li:last-child input')?.focus();
    }
    before.current = count;
  }, [list, count]);
}

/** Puts the cursor into the first entry that kept a save from going through. */
function useFocusOnFault(
  list: RefObject<HTMLUListElement | null>,
  state: MappingEdit['state'],
): void {
  useEffect(() => {
    if (state.kind !== 'faulty') return;
    list.current?.querySelector<HTMLInputElement>('input[aria-invalid="true"]')?.focus();
  }, [list, state]);
}
