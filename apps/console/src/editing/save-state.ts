import type { Tagged } from '../api/configurations.ts';

/** How the last save ended. */
export type SaveState<Configuration, Change> =
  | { kind: 'idle' }
  | { kind: 'saving' }
  /** `elsewhere`: what the server said of what this page does not show. */
  | { kind: 'saved'; elsewhere: readonly string[] }
  | { kind: 'faulty'; elsewhere: readonly string[] }
  /** Somebody else saved meanwhile: what they have now, and what they changed. */
  | { kind: 'stale'; theirs: Tagged<Configuration>; changes: readonly Change[] }
  | { kind: 'failed'; error: unknown };

/** What the Save bar needs to know of an edit, whatever is edited. */
export interface Saving {
  state: SaveState<unknown, unknown>;
  changed: boolean;
  faults: readonly unknown[];
  warnings: readonly unknown[];
  discard: () => void;
  save: () => Promise<void>;
}
