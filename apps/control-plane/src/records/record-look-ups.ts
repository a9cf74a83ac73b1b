import { recordByKey, type FoundRecord } from '@landbridge/campaign';
import type { InstanceId, TableMapping } from '@landbridge/contracts';
import type { MappingMetadata } from '@landbridge/mapping';
import { inTime, type Systems } from '../metadata/systems.ts';
import { HttpProblem } from '../problems.ts';

/** Which mapping of which instance is asked about. */
export interface MappedTable {
  instance: InstanceId;
  mapping: TableMapping;
}

/**
 * Single records of both systems, for people who ask about them. Nothing is written.
 * Throws  HttpProblem (a connection is not set, no answer in time) and the clients' errors.
 */
export interface RecordLookUps {
  metadata(at: MappedTable): Promise<MappingMetadata>;
  campaignRecord(at: MappedTable, metadata: MappingMetadata, key: string): Promise<FoundRecord>;
}

export function openRecordLookUps(systems: Systems): RecordLookUps {
  return {
    metadata: async ({ instance, mapping }) => {
      const request = { instance, fresh: false };
      const [table, resource] = await Promise.all([
        systems.dynamicsTable(mapping.dynamicsTable, request),
        systems.campaignResource(mapping.campaignResource, request),
      ]);
      return { table, resource };
    },
    campaignRecord: async ({ instance, mapping }, { resource }, key) => {
      const { client } = await systems.campaign(instance);
      const keyField = mapping.key.campaign;
      const addressing = await systems.campaignAddressing(resource, keyField, instance);
      if (addressing === null) {
        const detail = `Campaign finds no ${resource.resource} by ${keyField}: neither as a key nor by a filter.`;
        throw new HttpProblem({ kind: 'system-refused', detail });
      }
      return inTime(
        async (signal) =>
          (await recordByKey(client, { resource, keyField, addressing }, key, { signal })).value,
      );
    },
  };
}
