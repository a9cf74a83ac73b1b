import {
  DeadLetterRetry,
  DeadLetterView,
  InstanceSettings,
  pageOf,
  ReplayAnswer,
} from '@landbridge/contracts';
import type { StoryInstance } from './story-instance.ts';
import type { World } from './world.ts';

/** What operators and administrators do about one instance's ingress, through the API. */
export interface Deeds {
  replays: (selection?: object) => Promise<ReplayAnswer>;
  takesReplayBack: () => Promise<void>;
  letters: () => Promise<DeadLetterView[]>;
  retriesAll: (filter?: object) => Promise<DeadLetterRetry>;
  /** Merged into what is saved by the API's defaults. */
  savesSettings: (settings: object) => Promise<InstanceSettings>;
}

export function deedsOn(world: World, { name }: StoryInstance): Deeds {
  const { api } = world.landbridge;
  const base = `/instances/${name}`;
  const ingress = `${base}/workflows/ingress`;
  const replay = `${ingress}/mappings/contact/replay`;
  return {
    replays: async (selection) =>
      ReplayAnswer.parse(
        (await api.request('POST', replay, selection === undefined ? {} : { body: selection }))
          .body,
      ),
    takesReplayBack: async () => {
      await api.request('DELETE', replay);
    },
    letters: async () =>
      pageOf(DeadLetterView).parse((await api.request('GET', `${ingress}/dead-letters`)).body)
        .items,
    retriesAll: async (filter) =>
      DeadLetterRetry.parse(
        (
          await api.request(
            'POST',
            `${ingress}/dead-letters/retry-all`,
            filter === undefined ? {} : { body: filter },
          )
        ).body,
      ),
    savesSettings: async (settings) => {
      const { headers } = await api.request('GET', `${base}/settings`);
      const answer = await api.request('PUT', `${base}/settings`, {
        body: settings,
        headers: { 'if-match': headers.get('etag') ?? '' },
      });
      return InstanceSettings.parse(answer.body);
    },
  };
}
