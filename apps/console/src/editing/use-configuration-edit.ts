import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Stored, Tagged } from '../api/configurations.ts';
import { ApiProblem, statusOf } from '../api/errors.ts';
import { workflowsKey } from '../api/queries.ts';
import type { FieldFault } from '../api/types.ts';
import { isSame, mergeOnto, valueAt, valueChanges, type ValueChange } from './content.ts';
import { toldBy, type Fault } from './faults.ts';
import type { SaveState } from './save-state.ts';

/** How a workflow's configuration is a form. */
export interface FormRules<Configuration, Draft> {
  workflow: 'egress' | 'optin';
  draftOf: (configuration: Configuration) => Draft;
  configurationOf: (draft: Draft, base: Configuration) => Configuration;
  /** Where in the draft the place of what was sent is; null: the page does not show it. */
  placeOf: (pointer: string, sent: Configuration) => string | null;
  /** What can be seen to be wrong without asking the server. */
  faultsWithin: (draft: Draft) => Fault[];
}

/** A form, and where its configuration is read and saved. */
export interface FormKind<Configuration, Draft> extends FormRules<Configuration, Draft> {
  read: (instance: string) => Promise<Tagged<Configuration>>;
  write: (instance: string, edited: Tagged<Configuration>) => Promise<Stored<Configuration>>;
}

/** A configuration while a person edits it. */
export interface FormEdit<Configuration, Draft> {
  draft: Draft;
  changed: boolean;
  faults: readonly Fault[];
  warnings: readonly Fault[];
  state: SaveState<Configuration, ValueChange>;
  change: (draft: Draft) => void;
  discard: () => void;
  save: () => Promise<void>;
  /** After a stale save: goes on from what the other person saved, with my changes or without. */
  takeTheirs: (keepMine: boolean) => void;
}

/** Edits a configuration, beginning with it as it was read. */
export function useConfigurationEdit<Configuration, Draft>(
  instance: string,
  kind: FormKind<Configuration, Draft>,
  read: Tagged<Configuration>,
): FormEdit<Configuration, Draft> {
  const queries = useQueryClient();
  const [base, setBase] = useState(read);
  const [draft, setDraft] = useState(() => kind.draftOf(read.configuration));
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [warnings, setWarnings] = useState<readonly Fault[]>([]);
  const [state, setState] = useState<SaveState<Configuration, ValueChange>>({ kind: 'idle' });

  const beginFrom = (next: Tagged<Configuration>, nextDraft: Draft) => {
    setBase(next);
    setDraft(nextDraft);
    setFaults([]);
    setWarnings([]);
    setState({ kind: 'idle' });
  };

  const refuse = async (error: unknown, sent: Configuration) => {
    if (statusOf(error) === 412) {
      const theirs = await kind.read(instance);
      const changes = valueChanges(
        kind.draftOf(base.configuration),
        kind.draftOf(theirs.configuration),
      );
      setState({ kind: 'stale', theirs, changes });
      return;
    }
    if (error instanceof ApiProblem && error.problem.errors !== undefined) {
      const { beside, elsewhere } = placed(error.problem.errors, kind, sent);
      setFaults(beside);
      setState({ kind: 'faulty', elsewhere });
      return;
    }
    setState({ kind: 'failed', error });
  };

  const save = async () => {
    const seen = kind.faultsWithin(draft);
    setFaults(seen);
    setWarnings([]);
    if (seen.length > 0) {
      setState({ kind: 'faulty', elsewhere: [] });
      return;
    }
    setState({ kind: 'saving' });
    const sent = kind.configurationOf(draft, base.configuration);
    try {
      const stored = await kind.write(instance, { configuration: sent, etag: base.etag });
      const { warnings: remarks, ...next } = stored;
      queries.setQueryData(['configuration', instance, kind.workflow], next);
      void queries.invalidateQueries({ queryKey: workflowsKey(instance) });
      setBase(next);
      setDraft(kind.draftOf(next.configuration));
      const { beside, elsewhere } = placed(remarks, kind, next.configuration);
      setWarnings(beside);
      setState({ kind: 'saved', elsewhere });
    } catch (error) {
      await refuse(error, sent).catch((cause: unknown) =>
        setState({ kind: 'failed', error: cause }),
      );
    }
  };

  return {
    draft,
    faults,
    warnings,
    state,
    save,
    changed: !isSame(kind.draftOf(base.configuration), draft),
    change(next) {
      // What was said of a value no longer holds once the value is another.
      const stands = ({ pointer }: Fault) =>
        isSame(valueAt(draft, pointer), valueAt(next, pointer));
      setDraft(next);
      setFaults((known) => known.filter(stands));
      setWarnings((known) => known.filter(stands));
      setState((was) => (was.kind === 'stale' ? was : { kind: 'idle' }));
    },
    discard: () => beginFrom(base, kind.draftOf(base.configuration)),
    takeTheirs(keepMine) {
      if (state.kind !== 'stale') return;
      const theirs = kind.draftOf(state.theirs.configuration);
      const next = keepMine ? mergeOnto(kind.draftOf(base.configuration), theirs, draft) : theirs;
      beginFrom(state.theirs, next);
    },
  };
}

function placed<Configuration, Draft>(
  told: readonly FieldFault[],
  kind: FormRules<Configuration, Draft>,
  sent: Configuration,
): { beside: Fault[]; elsewhere: string[] } {
  const beside: Fault[] = [];
  const elsewhere: string[] = [];
  for (const fault of told) {
    const place = kind.placeOf(fault.pointer, sent);
    if (place === null) elsewhere.push(fault.message);
    else beside.push(toldBy(fault, place));
  }
  return { beside, elsewhere };
}
