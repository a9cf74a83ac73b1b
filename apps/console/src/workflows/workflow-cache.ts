import type { WorkflowView } from '../api/types.ts';

/** The last event of one workflow: `arrival` counts the events of this page in their order. */
export interface ArrivedView {
  arrival: number;
  view: WorkflowView;
}

/** What the event stream said last, by `<instance>/<workflow>`. */
export type Arrivals = ReadonlyMap<string, ArrivedView>;

const keyOf = (view: WorkflowView): string => `${view.instance}/${view.workflow}`;

/** Takes one event's view into what the stream said last. */
export function withArrival(arrivals: Arrivals, arrival: number, view: WorkflowView): Arrivals {
  return new Map(arrivals).set(keyOf(view), { arrival, view });
}

/**
 * A fetched list, corrected by the events that arrived while it was under way (`since`: the count
 * of arrivals when it was asked for): an answer that was read earlier never hides a later event.
 */
export function mergeFetched(
  fetched: readonly WorkflowView[],
  arrivals: Arrivals,
  since: number,
): WorkflowView[] {
  return fetched.map((view) => {
    const arrived = arrivals.get(keyOf(view));
    return arrived !== undefined && arrived.arrival > since ? arrived.view : view;
  });
}

/** A list with the one workflow of an event replaced; the same list where it is not in it. */
export function withView(
  list: readonly WorkflowView[] | undefined,
  view: WorkflowView,
): WorkflowView[] | undefined {
  return list?.map((known) => (keyOf(known) === keyOf(view) ? view : known));
}

/** What changed in a way that people who cannot see the page must be told. */
export function transitionOf(
  before: WorkflowView | undefined,
  after: WorkflowView,
): 'status' | 'stopping' | null {
  if (before === undefined) return null;
  if (before.status !== after.status) return 'status';
  return !before.stopping && after.stopping ? 'stopping' : null;
}
