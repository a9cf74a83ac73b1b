import type { TableName } from '@landbridge/contracts';
import type { Edge, EdgeEnd, LinkEdges, WrittenMemory } from '@landbridge/messaging';
import type { CampaignRecordAt } from '../writing/campaign-records.ts';

/** What the links of one table stand on: to its parents, and from its children. */
export type TableLinking = {
  /** Records of other tables refer to this one's. */
  isTarget: boolean;
  /** The tables that refer to this one by key, which Campaign keeps as a reference of its own. */
  nestedIn: ReadonlySet<TableName>;
  /** What was written of each table that this one's records refer to. */
  parents: ReadonlyMap<TableName, Pick<WrittenMemory, 'get'>>;
  edges: LinkEdges;
  /** Has a record read again at the source, by whoever reads its table. */
  readAgain: (record: EdgeEnd) => Promise<void>;
  /** A record of another table at the destination. */
  lookUp: (record: EdgeEnd, signal: AbortSignal) => Pick<CampaignRecordAt, 'exists' | 'calls'>;
  /** As `readAgain`; it is written whatever is known of it. */
  rewrite: (record: EdgeEnd) => Promise<void>;
  /** Tells that dead letters of a record say nothing any more, newest last. May be told twice. */
  release: (record: EdgeEnd, letters: readonly string[]) => Promise<void>;
};

export const edgeOf = (parent: EdgeEnd, child: EdgeEnd): Edge => ({
  parentTable: parent.table,
  parentKey: parent.key,
  childTable: child.table,
  childKey: child.key,
});
