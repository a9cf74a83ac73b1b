import type { Tagged } from '../api/configurations.ts';
import type { WorkflowName } from '../api/types.ts';
import { isSame, mergeOnto, valueAt, valueChanges, type ValueChange } from './content.ts';
import type { Fault } from './faults.ts';
import { useEdit, type Edit, type EditRules } from './use-edit.ts';

/** How a workflow's configuration is a form. */
export interface FormRules<Configuration, Draft> {
  workflow: WorkflowName;
  draftOf: (configuration: Configuration) => Draft;
  configurationOf: (draft: Draft, base: Configuration) => Configuration;
  placeOf: (pointer: string, sent: Configuration) => string | null;
  faultsWithin: (draft: Draft) => Fault[];
}

/** A form, and where its configuration is read and saved. */
export type FormKind<Configuration, Draft> = FormRules<Configuration, Draft> &
  Pick<EditRules<Configuration, Draft, ValueChange>, 'read' | 'write'>;

/** A form while a person fills it in. */
export interface FormEdit<Configuration, Draft> extends Omit<
  Edit<Configuration, Draft, ValueChange>,
  'change'
> {
  change: (draft: Draft) => void;
}

/** A form's draft is compared value by value, and follows what the server made of it. */
const BY_VALUE = {
  isSame,
  mergeOnto,
  changesBetween: valueChanges,
  draftAfterSave: <Draft>(_draft: Draft, stored: Draft) => stored,
};

/** Edits a configuration as a form, beginning with it as it was read. */
export function useConfigurationEdit<Configuration, Draft>(
  instance: string,
  kind: FormKind<Configuration, Draft>,
  read: Tagged<Configuration>,
): FormEdit<Configuration, Draft> {
  const rules: EditRules<Configuration, Draft, ValueChange> = { ...kind, ...BY_VALUE };
  const edit = useEdit(instance, rules, read);
  return {
    ...edit,
    change: (next) =>
      edit.change(next, ({ pointer }) =>
        isSame(valueAt(edit.draft, pointer), valueAt(next, pointer)),
      ),
  };
}
