import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { fetchIngress, saveIngress, type Tagged } from '../api/configurations.ts';
import { ApiProblem, statusOf } from '../api/errors.ts';
import { ingressQuery } from '../api/queries.ts';
import type { FieldMapping, IngressConfiguration } from '../api/types.ts';
import type { SaveState } from '../editing/save-state.ts';
import {
  faultsWithin,
  isChanged,
  mappingOf,
  placeFaults,
  rowsOf,
  withRows,
  type DraftRow,
  type RowFault,
} from './mapping-draft.ts';
import { fieldChanges, mergeOnto, type FieldChange } from './merge-edits.ts';

type Read = Tagged<IngressConfiguration>;
export type MappingState = SaveState<IngressConfiguration, FieldChange>;

/** A table mapping while a person edits it. */
export interface MappingEdit {
  rows: readonly DraftRow[];
  changed: boolean;
  faults: readonly RowFault[];
  warnings: readonly RowFault[];
  state: MappingState;
  change: (row: DraftRow) => void;
  add: () => void;
  remove: (id: string) => void;
  applyAll: (applyUpdates: boolean) => void;
  discard: () => void;
  save: () => Promise<void>;
  /** After a stale save: goes on from what the other person saved, with my changes or without. */
  takeTheirs: (keepMine: boolean) => void;
}

const fieldsOf = ({ configuration }: Read, table: string): FieldMapping[] =>
  mappingOf(configuration, table)?.fields ?? [];

/** Edits the mapping of `table`, beginning with the configuration as it was read. */
export function useMappingEdit(instance: string, table: string, read: Read): MappingEdit {
  const queries = useQueryClient();
  const [base, setBase] = useState(read);
  const [rows, setRows] = useState<DraftRow[]>(() => rowsOf(fieldsOf(read, table)));
  const [faults, setFaults] = useState<readonly RowFault[]>([]);
  const [warnings, setWarnings] = useState<readonly RowFault[]>([]);
  const [state, setState] = useState<MappingState>({ kind: 'idle' });
  const added = useRef(0);
  const newId = () => `new-${(added.current += 1)}`;

  /** What was said of a row no longer holds once the row is another. */
  const edit = (next: DraftRow[], touched: string | null) => {
    setRows(next);
    setFaults((known) => known.filter(({ rowId }) => rowId !== touched));
    setWarnings((known) => known.filter(({ rowId }) => rowId !== touched));
    setState((was) => (was.kind === 'stale' ? was : { kind: 'idle' }));
  };

  const beginFrom = (next: Read, nextRows: DraftRow[]) => {
    setBase(next);
    setRows(nextRows);
    setFaults([]);
    setWarnings([]);
    setState({ kind: 'idle' });
  };

  const refuse = async (error: unknown) => {
    if (statusOf(error) === 412) {
      const theirs = await fetchIngress(instance);
      const changes = fieldChanges(fieldsOf(base, table), fieldsOf(theirs, table));
      setState({ kind: 'stale', theirs, changes });
      return;
    }
    if (error instanceof ApiProblem && error.problem.errors !== undefined) {
      const index = base.configuration.mappings.findIndex((m) => m.dynamicsTable === table);
      const { beside, elsewhere } = placeFaults(error.problem.errors, index, rows);
      setFaults(beside);
      setState({ kind: 'faulty', elsewhere });
      return;
    }
    setState({ kind: 'failed', error });
  };

  const save = async () => {
    const key = mappingOf(base.configuration, table)?.key.campaign ?? '';
    const seen = faultsWithin(rows, key);
    setFaults(seen);
    setWarnings([]);
    if (seen.length > 0) {
      setState({ kind: 'faulty', elsewhere: [] });
      return;
    }
    setState({ kind: 'saving' });
    try {
      const configuration = withRows(base.configuration, table, rows);
      const { warnings: remarks, ...next } = await saveIngress(instance, {
        configuration,
        etag: base.etag,
      });
      const index = next.configuration.mappings.findIndex((m) => m.dynamicsTable === table);
      queries.setQueryData(ingressQuery(instance).queryKey, next);
      setBase(next);
      const { beside, elsewhere } = placeFaults(remarks, index, rows);
      setWarnings(beside);
      setState({ kind: 'saved', elsewhere });
    } catch (error) {
      await refuse(error).catch((cause: unknown) => setState({ kind: 'failed', error: cause }));
    }
  };

  return {
    rows,
    faults,
    warnings,
    state,
    save,
    changed: isChanged(fieldsOf(base, table), rows),
    change: (row) =>
      edit(
        rows.map((known) => (known.id === row.id ? row : known)),
        row.id,
      ),
    add: () =>
      edit([...rows, { id: newId(), dynamics: null, campaign: null, applyUpdates: true }], null),
    remove: (id) =>
      edit(
        rows.filter((known) => known.id !== id),
        id,
      ),
    applyAll: (applyUpdates) =>
      edit(
        rows.map((known) => ({ ...known, applyUpdates })),
        null,
      ),
    discard: () => beginFrom(base, rowsOf(fieldsOf(base, table))),
    takeTheirs(keepMine) {
      if (state.kind !== 'stale') return;
      const { theirs } = state;
      const next = keepMine
        ? mergeOnto(fieldsOf(base, table), fieldsOf(theirs, table), rows)
        : fieldsOf(theirs, table);
      beginFrom(
        theirs,
        next.map((row) => ({ ...row, id: newId() })),
      );
    },
  };
}
