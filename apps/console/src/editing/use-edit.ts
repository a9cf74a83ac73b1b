import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Stored, Tagged } from '../api/configurations.ts';
import { ApiProblem, statusOf } from '../api/errors.ts';
import { workflowsKey } from '../api/queries.ts';
import type { FieldFault, WorkflowName } from '../api/types.ts';
import { toldBy, type Fault } from './faults.ts';
import type { SaveState } from './save-state.ts';

/** What of a workflow's configuration a page edits, and how it holds that meanwhile: its draft. */
export interface EditRules<Configuration, Draft, Change> {
  workflow: WorkflowName;
  read: (instance: string) => Promise<Tagged<Configuration>>;
  write: (instance: string, edited: Tagged<Configuration>) => Promise<Stored<Configuration>>;
  draftOf: (configuration: Configuration) => Draft;
  configurationOf: (draft: Draft, base: Configuration) => Configuration;
  /** What can be seen to be wrong without asking the server. */
  faultsWithin: (draft: Draft, base: Configuration) => Fault[];
  /** Where in the draft the place of what was sent is; null: the page does not show it. */
  placeOf: (pointer: string, sent: Configuration, draft: Draft) => string | null;
  isSame: (one: Draft, other: Draft) => boolean;
  changesBetween: (before: Draft, after: Draft) => Change[];
  /** What I changed since `base` on top of what somebody else saved; all else as they have it. */
  mergeOnto: (base: Draft, theirs: Draft, mine: Draft) => Draft;
  /** How a draft that was saved goes on; `stored`: what the server made of it. */
  draftAfterSave: (draft: Draft, stored: Draft) => Draft;
}

/** A configuration while a person edits it. */
export interface Edit<Configuration, Draft, Change> {
  draft: Draft;
  changed: boolean;
  faults: readonly Fault[];
  warnings: readonly Fault[];
  state: SaveState<Configuration, Change>;
  /** `stands`: what was said of a value no longer holds once the value is another. */
  change: (draft: Draft, stands: (fault: Fault) => boolean) => void;
  discard: () => void;
  save: () => Promise<void>;
  /** After a stale save: goes on from what the other person saved, with my changes or without. */
  takeTheirs: (keepMine: boolean) => void;
}

/** Edits a configuration by the rules of its page, beginning with it as it was read. */
export function useEdit<Configuration, Draft, Change>(
  instance: string,
  rules: EditRules<Configuration, Draft, Change>,
  read: Tagged<Configuration>,
): Edit<Configuration, Draft, Change> {
  const queries = useQueryClient();
  const [base, setBase] = useState(read);
  const [draft, setDraft] = useState(() => rules.draftOf(read.configuration));
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [warnings, setWarnings] = useState<readonly Fault[]>([]);
  const [state, setState] = useState<SaveState<Configuration, Change>>({ kind: 'idle' });
  const saved = rules.draftOf(base.configuration);

  const beginFrom = (next: Tagged<Configuration>, nextDraft: Draft) => {
    setBase(next);
    setDraft(nextDraft);
    setFaults([]);
    setWarnings([]);
    setState({ kind: 'idle' });
  };

  const place = (told: readonly FieldFault[], sent: Configuration) =>
    placed(told, (pointer) => rules.placeOf(pointer, sent, draft));

  const refuse = async (error: unknown, sent: Configuration) => {
    if (statusOf(error) === 412) {
      const theirs = await rules.read(instance);
      const changes = rules.changesBetween(saved, rules.draftOf(theirs.configuration));
      setState({ kind: 'stale', theirs, changes });
      return;
    }
    if (error instanceof ApiProblem && error.problem.errors !== undefined) {
      const { beside, elsewhere } = place(error.problem.errors, sent);
      setFaults(beside);
      setState({ kind: 'faulty', elsewhere });
      return;
    }
    setState({ kind: 'failed', error });
  };

  const save = async () => {
    const seen = rules.faultsWithin(draft, base.configuration);
    setFaults(seen);
    setWarnings([]);
    if (seen.length > 0) {
      setState({ kind: 'faulty', elsewhere: [] });
      return;
    }
    setState({ kind: 'saving' });
    const sent = rules.configurationOf(draft, base.configuration);
    try {
      const stored = await rules.write(instance, { configuration: sent, etag: base.etag });
      const { warnings: remarks, ...next } = stored;
      queries.setQueryData(['configuration', instance, rules.workflow], next);
      void queries.invalidateQueries({ queryKey: workflowsKey(instance) });
      setBase(next);
      setDraft((now) => rules.draftAfterSave(now, rules.draftOf(next.configuration)));
      const { beside, elsewhere } = place(remarks, next.configuration);
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
    changed: !rules.isSame(saved, draft),
    change(next, stands) {
      setDraft(next);
      setFaults((known) => known.filter(stands));
      setWarnings((known) => known.filter(stands));
      setState((was) => (was.kind === 'stale' ? was : { kind: 'idle' }));
    },
    discard: () => beginFrom(base, saved),
    takeTheirs(keepMine) {
      if (state.kind !== 'stale') return;
      const theirs = rules.draftOf(state.theirs.configuration);
      beginFrom(state.theirs, rules.mergeOnto(saved, theirs, keepMine ? draft : saved));
    },
  };
}

/** Sorts what the server says: beside the entry that each pointer leads to, or to the whole page. */
function placed(
  told: readonly FieldFault[],
  placeOf: (pointer: string) => string | null,
): { beside: Fault[]; elsewhere: string[] } {
  const beside: Fault[] = [];
  const elsewhere: string[] = [];
  for (const fault of told) {
    const place = placeOf(fault.pointer);
    if (place === null) elsewhere.push(fault.message);
    else beside.push(toldBy(fault, place));
  }
  return { beside, elsewhere };
}
