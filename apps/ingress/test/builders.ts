import { InstanceId, type QueuedRecord, type TableMapping } from '@landbridge/contracts';
import type { DeleteGuard } from '../src/deleting/delete-guard.ts';
import type { TableWriting } from '../src/writing/record.writer.ts';
import { FakeCampaign, PROFILE } from './fake-campaign.ts';
import { CONTACT } from './fake-dynamics.ts';
import { FakeMemory } from './fake-memory.ts';

export const instance = InstanceId.parse('test');
export const idOf = (number: number) =>
  `60c4e274-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const mapping = (over: Partial<TableMapping> = {}): TableMapping => ({
  dynamicsTable: 'contact',
  campaignResource: 'profile',
  key: { dynamics: 'contactid', campaign: 'externalId' },
  fields: [
    { dynamics: 'firstname', campaign: 'firstName', applyUpdates: true },
    { dynamics: 'jobtitle', campaign: 'title', applyUpdates: false },
  ],
  links: [],
  replacements: [],
  filter: null,
  deleteFilteredOut: false,
  applyDeletes: true,
  technicalValues: false,
  ...over,
});

export const record = (over: Partial<QueuedRecord> = {}): QueuedRecord => ({
  schemaVersion: 1,
  instance,
  table: 'contact',
  key: idOf(1),
  change: 'upsert',
  origin: 'change',
  version: '10',
  modifiedOn: null,
  readAt: '2026-11-24T16:00:00.000Z',
  columns: { contactid: over.key ?? idOf(1), firstname: 'Ada', jobtitle: 'Analyst' },
  ...over,
});

export const deletion = (over: Partial<QueuedRecord> = {}): QueuedRecord =>
  record({ change: 'delete', version: null, columns: {}, ...over });

export const metadata = { table: CONTACT, resource: PROFILE };

/** Lets every delete through. */
export const OPEN_GUARD: DeleteGuard = {
  ask: async () => ({ granted: true, done: async () => undefined, undone: async () => undefined }),
  cancel: async (_record, entry) => entry,
  announce: async () => undefined,
  isKnown: async () => 'no',
};

/** A writer's surroundings with a fake Campaign and a memory that has seen a first load. */
export async function writingAt(over: Partial<TableWriting> = {}) {
  const campaign = new FakeCampaign();
  const memory = new FakeMemory();
  await memory.put('_complete', { hash: null, version: null });
  const schema: TableWriting['schema'] = {
    metadata,
    recheck: async () => null,
    noteWritten: () => undefined,
  };
  const writing: TableWriting = {
    mapping: mapping(),
    place: { client: campaign, resource: PROFILE, keyField: 'externalId', addressing: 'uriKey' },
    memory,
    schema,
    scope: ['campaign.test'],
    clearing: 'empty',
    deletes: OPEN_GUARD,
    linking: null,
    ...over,
  };
  return { campaign, memory, writing };
}
