import type { InstanceId, TableMapping } from '@landbridge/contracts';
import type { DynamicsClient } from '@landbridge/dynamics';
import type { MappingMetadata } from '@landbridge/mapping';
import type { RecordSelection, WrittenMemory } from '@landbridge/messaging';
import type { DeleteGuard } from '../deleting/delete-guard.ts';

/** What reading one table stands on. */
export type ReadingDeps = {
  instance: InstanceId;
  mapping: TableMapping;
  client: Pick<
    DynamicsClient,
    'readPage' | 'readModifiedSince' | 'rowsByIds' | 'row' | 'existing' | 'totalCount'
  >;
  /** The newest that is known; changes while the run runs. */
  metadata: () => MappingMetadata;
  memory: Pick<WrittenMemory, 'get' | 'put' | 'entries' | 'lastSequence' | 'clear'>;
  deletes: Pick<DeleteGuard, 'announce' | 'isKnown'>;
  /** Whether everything that was queued before `since` has been settled. */
  settledSince: (since: Date) => Promise<boolean>;
  pageRowsMax: number;
  /** The last replay that was asked for; null: none was. */
  replayId: string | null;
  selections: SelectionSource;
};

/** Records that a person chose to have written again. */
export type SelectionSource = {
  next: () => Promise<RecordSelection | null>;
  done: (id: string) => Promise<void>;
};

/** Adds up the requests that one call of the reader spends. */
export class Spending {
  calls = 0;

  async take<Value>(reply: Promise<{ value: Value; calls: number }>): Promise<Value> {
    const { value, calls } = await reply;
    this.calls += calls;
    return value;
  }
}
