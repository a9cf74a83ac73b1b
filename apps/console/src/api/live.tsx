import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import type { WorkflowView } from './types.ts';
import { sessionQuery, workflowsKey } from './queries.ts';
import { fetchWorkflows } from './calls.ts';
import {
  mergeFetched,
  transitionOf,
  withArrival,
  withView,
  type Arrivals,
} from '../workflows/workflow-cache.ts';

const REOPEN_AFTER_MS = 1_500;

/** A change that people who cannot see the page are told of. */
export interface Transition {
  kind: 'status' | 'stopping';
  view: WorkflowView;
}

interface Live {
  /** Since when the event stream is broken: the page shows what was known then. Null: it is not. */
  lostAt: Date | null;
  transition: Transition | null;
  /** The workflows of an instance, never older than the events that arrived. */
  readWorkflows: (instance: string) => Promise<WorkflowView[]>;
  /** Takes in what a command answered, as if it had come by event. */
  take: (view: WorkflowView) => void;
}

const LiveContext = createContext<Live | null>(null);

/** Listens to the server's events and keeps what the page knows right by them. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [lostAt, setLostAt] = useState<Date | null>(null);
  const [transition, setTransition] = useState<Transition | null>(null);
  const arrivals = useRef<{ count: number; views: Arrivals }>({ count: 0, views: new Map() });

  const reading = useMemo(() => {
    const take = (view: WorkflowView) => {
      const now = arrivals.current;
      const count = now.count + 1;
      arrivals.current = { count, views: withArrival(now.views, count, view) };
      const key = workflowsKey(view.instance);
      const before = queries.getQueryData<WorkflowView[]>(key);
      const kind = transitionOf(
        before?.find(({ workflow }) => workflow === view.workflow),
        view,
      );
      queries.setQueryData<WorkflowView[]>(key, (list) => withView(list, view));
      if (kind !== null) setTransition({ kind, view });
    };
    const readWorkflows = async (instance: string) => {
      const since = arrivals.current.count;
      const fetched = await fetchWorkflows(instance);
      return mergeFetched(fetched, arrivals.current.views, since);
    };
    return { take, readWorkflows };
  }, [queries]);

  useEffect(
    () =>
      listen({
        onOpen() {
          setLostAt(null);
          void queries.invalidateQueries({ queryKey: ['workflows'] });
          void queries.invalidateQueries({ queryKey: ['pending'] });
        },
        onView: (view) => reading.take(view),
        onLost() {
          setLostAt((since) => since ?? new Date());
          void queries.invalidateQueries(sessionQuery);
        },
      }),
    [queries, reading],
  );

  const live = useMemo<Live>(
    () => ({ lostAt, transition, ...reading }),
    [lostAt, transition, reading],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** What the event stream says. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('useLive needs a LiveProvider above it');
  return live;
}

/** The workflows of an instance, kept right by the event stream and, where asked, by looking again. */
export function useWorkflows(instance: string, lookAgainMs: number | false = false) {
  const { readWorkflows } = useLive();
  return useQuery({
    queryKey: workflowsKey(instance),
    queryFn: () => readWorkflows(instance),
    refetchInterval: lookAgainMs,
  });
}

interface Listener {
  onOpen: () => void;
  onView: (view: WorkflowView) => void;
  onLost: () => void;
}

/**
 * Keeps an event stream open. The browser reconnects by itself after a broken line, but not after
 * an answer that is no stream (a proxy's 502 while the server restarts); we do that here.
 */
function listen(listener: Listener): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource('/api/v1/events');
    source.addEventListener('open', () => listener.onOpen());
    source.addEventListener('workflow', (event: MessageEvent<string>) => {
      // What comes on our own server's stream has the shape that its OpenAPI document gives it.
      listener.onView(JSON.parse(event.data) as WorkflowView);
    });
    source.addEventListener('error', () => {
      listener.onLost();
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, REOPEN_AFTER_MS);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
