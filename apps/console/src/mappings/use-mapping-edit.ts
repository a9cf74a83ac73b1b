import { useRef } from 'react';
import { fetchIngress, saveIngress, type Tagged } from '../api/configurations.ts';
import type { IngressConfiguration } from '../api/types.ts';
import { useEdit, type Edit, type EditRules } from '../editing/use-edit.ts';
import {
  chosenFields,
  faultsWithin,
  isWithinRow,
  mappingOf,
  placeWithin,
  rowsOf,
  saySame,
  withRows,
  type DraftRow,
} from './mapping-draft.ts';
import { fieldChanges, mergeOnto, type FieldChange } from './merge-edits.ts';

type Rows = readonly DraftRow[];

/** A table mapping while a person edits it. */
export interface MappingEdit extends Omit<
  Edit<IngressConfiguration, Rows, FieldChange>,
  'draft' | 'change'
> {
  rows: Rows;
  change: (row: DraftRow) => void;
  add: () => void;
  remove: (id: string) => void;
  applyAll: (applyUpdates: boolean) => void;
}

/** A mapping's draft is a list of rows that keep their ids, so that entries keep their place. */
const rulesOf = (
  table: string,
  newId: () => string,
): EditRules<IngressConfiguration, Rows, FieldChange> => ({
  workflow: 'ingress',
  read: fetchIngress,
  write: saveIngress,
  draftOf: (configuration) => rowsOf(mappingOf(configuration, table)?.fields ?? []),
  configurationOf: (rows, base) => withRows(base, table, rows),
  faultsWithin: (rows, base) => faultsWithin(rows, mappingOf(base, table)?.key.campaign ?? ''),
  placeOf(pointer, { mappings }, rows) {
    const index = mappings.findIndex(({ dynamicsTable }) => dynamicsTable === table);
    return placeWithin(pointer, index, rows);
  },
  isSame: saySame,
  changesBetween: (before, after) => fieldChanges(chosenFields(before), chosenFields(after)),
  // An entry keeps the text it began with, so every merged row begins anew.
  mergeOnto: (base, theirs, mine) =>
    mergeOnto(chosenFields(base), chosenFields(theirs), mine).map((row) => ({
      ...row,
      id: newId(),
    })),
  draftAfterSave: (rows) => rows,
});

/** Edits the mapping of `table`, beginning with the configuration as it was read. */
export function useMappingEdit(
  instance: string,
  table: string,
  read: Tagged<IngressConfiguration>,
): MappingEdit {
  const added = useRef(0);
  const newId = () => `new-${(added.current += 1)}`;
  const { draft: rows, change, ...edit } = useEdit(instance, rulesOf(table, newId), read);
  const changeRow = (id: string, next: Rows) => change(next, (fault) => !isWithinRow(fault, id));
  const changeList = (next: Rows) => change(next, () => true);
  return {
    ...edit,
    rows,
    change: (row) =>
      changeRow(
        row.id,
        rows.map((known) => (known.id === row.id ? row : known)),
      ),
    remove: (id) =>
      changeRow(
        id,
        rows.filter((known) => known.id !== id),
      ),
    add: () =>
      changeList([...rows, { id: newId(), dynamics: null, campaign: null, applyUpdates: true }]),
    applyAll: (applyUpdates) => changeList(rows.map((known) => ({ ...known, applyUpdates }))),
  };
}
