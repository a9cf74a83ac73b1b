import { type CampaignJournal, JournalPositionExpired } from '@landbridge/campaign';

/** Events in their order, and positions that can be forgotten. */
export class FakeJournal {
  readonly events: unknown[] = [];
  readonly asked: (string | null)[] = [];
  /** Events before this one are gone. */
  floor = 0;
  /** Positions of an earlier one are forgotten. */
  #age = 0;
  #failures = 0;

  readonly readJournal: CampaignJournal['readJournal'] = async ({ position, limit }) => {
    this.asked.push(position);
    if (this.#failures > 0) {
      this.#failures -= 1;
      throw new Error('The journal is busy');
    }
    const [age, after] = (position ?? `${this.#age}:${this.floor}`).split(':').map(Number);
    if (age !== this.#age) throw new JournalPositionExpired();
    const from = after ?? 0;
    const page = this.events.slice(from, from + limit);
    return {
      events: page.map((event, nth) => ({ position: `${this.#age}:${from + nth + 1}`, event })),
      next: `${this.#age}:${from + page.length}`,
      retryAfterMs: page.length === 0 ? 7_000 : null,
      calls: 1,
    };
  };

  /** Every position given so far. */
  expirePositions(): void {
    this.#age += 1;
  }

  failOnce(): void {
    this.#failures += 1;
  }
}

/** An event as the journal carries it, in the flat shape. */
export const published = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  '@id': 'e1',
  eventType: 'send',
  timestamp: '2026-11-24T19:00:00.000Z',
  externalId: 'c0000000-0000-4000-8000-000000000001',
  deliveryName: 'DM190',
  campaignName: 'CAMP1',
  ...over,
});
