import { BudgetView, HeldDeletesView, HistoryEntry, pageOf } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import type { StoryInstance } from './story-instance.ts';
import type { World } from './world.ts';

const HISTORY = pageOf(HistoryEntry);

/** What a person does about deletes that wait and about the quota, through the API. */
export interface Safeguards {
  /** Saves the settings; what is left out gets its default. */
  sets: (settings: object) => Promise<void>;
  held: () => Promise<HeldDeletesView>;
  /** Waits until so many deletes wait. */
  untilHeld: (wanted: (count: number) => boolean) => Promise<HeldDeletesView>;
  decides: (decision: 'approve' | 'discard', note: string) => Promise<HeldDeletesView>;
  budget: () => Promise<BudgetView>;
  /** What the history says, newest first. */
  history: () => Promise<string[]>;
}

export function safeguardsOf(world: World, { name }: StoryInstance, table = 'contact'): Safeguards {
  const { api } = world.landbridge;
  const base = `/instances/${name}`;
  const deletes = `${base}/workflows/ingress/mappings/${table}/held-deletes`;
  const held = async () => HeldDeletesView.parse((await api.request('GET', deletes)).body);
  return {
    sets: async (body) => {
      const { headers } = await api.request('GET', `${base}/settings`);
      const etag = headers.get('etag') ?? '';
      await api.request('PUT', `${base}/settings`, { body, headers: { 'if-match': etag } });
    },
    held,
    untilHeld: (wanted) =>
      until('deletes to wait', held, ({ count }) => wanted(count), {
        timeoutMs: 90_000,
        everyMs: 100,
      }),
    decides: async (decision, note) =>
      HeldDeletesView.parse(
        (await api.request('POST', `${deletes}/${decision}`, { body: { note } })).body,
      ),
    budget: async () => BudgetView.parse((await api.request('GET', `${base}/budget`)).body),
    history: async () => {
      const { body } = await api.request('GET', `${base}/workflows/ingress/history`);
      return HISTORY.parse(body).items.map(({ summary }) => summary);
    },
  };
}
