import { type CampaignClient, CampaignRequestError } from '@landbridge/campaign';
import type { RunFailure, TableMapping } from '@landbridge/contracts';
import { DataverseRequestError, type DynamicsClient } from '@landbridge/dynamics';
import { type MappingMetadata, schemaFault, validateMapping } from '@landbridge/mapping';
import { RunFailedError } from '@landbridge/pipeline';
import type { FoundSchema } from './table-schema.ts';
import { campaignFailure, dynamicsFailure } from './vendor-failures.ts';

/** The calls of both clients that looking at a schema needs. */
export type SchemaClients = {
  dynamics: Pick<DynamicsClient, 'table'>;
  campaign: Pick<CampaignClient, 'resource'>;
};

/** Which calls were spent where. */
export type OnSpent = (system: 'dynamics' | 'campaign', calls: number) => void;

/**
 * What both systems say of a mapping's two ends now.
 * Throws  RunFailedError (credentials, rights); the vendors' errors that time heals.
 */
export async function findSchema(
  mapping: TableMapping,
  clients: SchemaClients,
  onSpent: OnSpent,
): Promise<FoundSchema> {
  const [table, resource] = await Promise.all([
    orNull(clients.dynamics.table(mapping.dynamicsTable), 'dynamics', onSpent),
    orNull(clients.campaign.resource(mapping.campaignResource), 'campaign', onSpent),
  ]).catch((error: unknown) => {
    const failure = campaignFailure(error) ?? dynamicsFailure(error, mapping.dynamicsTable);
    throw failure === null ? error : new RunFailedError(failure, { cause: error });
  });
  return { table, resource };
}

async function orNull<Value>(
  reply: Promise<{ value: Value; calls: number }>,
  system: 'dynamics' | 'campaign',
  onSpent: OnSpent,
): Promise<Value | null> {
  try {
    const { value, calls } = await reply;
    onSpent(system, calls);
    return value;
  } catch (error) {
    const answered =
      error instanceof DataverseRequestError || error instanceof CampaignRequestError;
    if (!answered || error.kind !== 'notFound') throw error;
    onSpent(system, error.calls);
    return null;
  }
}

/**
 * The metadata that a run begins with.
 * Throws  RunFailedError naming what is missing or cannot work, before anything is read or written.
 */
export function acceptSchema(mapping: TableMapping, found: FoundSchema): MappingMetadata {
  const fault = schemaFault(mapping, null, found) ?? trackingFault(mapping, found);
  if (fault !== null) throw new RunFailedError(fault);
  const { table, resource } = found;
  if (table === null || resource === null) throw new TypeError('a missing end is a fault');
  const findings = validateMapping(mapping, {
    tables: { [mapping.dynamicsTable]: table },
    resources: { [mapping.campaignResource]: resource },
  });
  const [wrong] = findings.filter(({ severity }) => severity === 'error');
  if (wrong !== undefined) {
    const message = `${mapping.dynamicsTable} → ${mapping.campaignResource}, ${wrong.pointer}: ${wrong.message}`;
    throw new RunFailedError({
      code: 'configurationInvalid',
      system: 'landbridge',
      message,
      field: wrong.pointer,
    });
  }
  return { table, resource };
}

function trackingFault({ dynamicsTable }: TableMapping, { table }: FoundSchema): RunFailure | null {
  if (table === null || table.changeTracking) return null;
  return {
    code: 'changeTrackingOff',
    system: 'dynamics',
    field: dynamicsTable,
    message: `Change tracking is off for ${dynamicsTable}; an administrator of Dynamics 365 can switch it on`,
  };
}
