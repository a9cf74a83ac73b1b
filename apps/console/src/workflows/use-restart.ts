import { useEffect, useRef, useState } from 'react';
import { actOn } from '../api/calls.ts';
import { useLive } from '../api/live.tsx';
import type { WorkflowView } from '../api/types.ts';
import { useExplain } from '../frame/notices.tsx';
import { useSay } from '../locale/locale.tsx';

/** Stop, and Start as soon as it has stopped. */
export interface Restart {
  running: boolean;
  begin: () => Promise<void>;
}

/**
 * Brings waiting edits in: asks for the stop, and for the start once the workflow says that it has
 * stopped. `onRefused` is told in a sentence what went wrong, null at a new beginning.
 */
export function useRestart(
  view: WorkflowView,
  onRefused: (sentence: string | null) => void,
): Restart {
  const say = useSay();
  const explain = useExplain();
  const { take } = useLive();
  const [phase, setPhase] = useState<'idle' | 'asking' | 'stopping' | 'starting'>('idle');
  const asked = useRef(false);
  const running = phase !== 'idle';

  const begin = async () => {
    onRefused(null);
    setPhase('asking');
    asked.current = false;
    try {
      take(await actOn('stop', view.instance, view.workflow));
      setPhase('stopping');
    } catch (error) {
      setPhase('idle');
      const action = say('action.stop');
      onRefused(say('action.refused', { action, detail: explain(error) }));
    }
  };

  const stopped = view.actions.start.allowed && !view.stopping;
  useEffect(() => {
    if (phase !== 'stopping' || !stopped || asked.current) return;
    asked.current = true;
    setPhase('starting');
    actOn('start', view.instance, view.workflow)
      .then(take)
      .catch((error: unknown) =>
        onRefused(say('pending.restartFailed', { detail: explain(error) })),
      )
      .finally(() => setPhase('idle'));
  }, [phase, stopped, view.instance, view.workflow, take, say, explain, onRefused]);

  useEffect(() => {
    if (!running) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [running]);

  return { running, begin };
}
