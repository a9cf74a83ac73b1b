import {
  Preview,
  RecordExplanation,
  VerificationForecast,
  type VerificationPhase,
  VerificationView,
} from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import type { StoryInstance } from './story-instance.ts';
import type { World } from './world.ts';

/** What a person asks about contacts of one instance, through the API. */
export interface RecordQuestions {
  explain: (id: string) => Promise<RecordExplanation>;
  preview: (body: object) => Promise<Preview>;
  forecast: () => Promise<VerificationForecast>;
  verify: (body?: object) => Promise<VerificationView>;
  verification: () => Promise<VerificationView>;
  repair: () => Promise<VerificationView>;
  /** Waits until the newest verification shows one of the phases. */
  untilPhase: (...phases: VerificationPhase[]) => Promise<VerificationView>;
}

export function questionsAbout(world: World, { name }: StoryInstance): RecordQuestions {
  const { api } = world.landbridge;
  const base = `/instances/${name}`;
  const mapping = `${base}/workflows/ingress/mappings/contact`;
  const verification = async () =>
    VerificationView.parse((await api.request('GET', `${mapping}/verify`)).body);
  return {
    explain: async (id) =>
      RecordExplanation.parse((await api.request('GET', `${base}/records/contact/${id}`)).body),
    preview: async (body) =>
      Preview.parse((await api.request('POST', `${mapping}/preview`, { body })).body),
    forecast: async () =>
      VerificationForecast.parse((await api.request('GET', `${mapping}/verify/forecast`)).body),
    verify: async (body = {}) =>
      VerificationView.parse((await api.request('POST', `${mapping}/verify`, { body })).body),
    verification,
    repair: async () =>
      VerificationView.parse((await api.request('POST', `${mapping}/verify/repair`)).body),
    untilPhase: (...phases) =>
      until(
        `the verification to be ${phases.join(' or ')}`,
        verification,
        ({ phase }) => phases.includes(phase),
        { timeoutMs: 120_000, everyMs: 100 },
      ),
  };
}
