import type { DynamicsClient, DynamicsClientOptions } from './client.ts';
import { openDataverse } from './dataverse.ts';
import { metadataOperations } from './metadata-operations.ts';
import { pageOperations } from './page-operations.ts';
import { rightsOperations } from './rights-operations.ts';
import type { DynamicsRights } from './rights.ts';
import { rowOperations } from './row-operations.ts';
import { writeOperations } from './writing/write-operations.ts';
import type { DynamicsWrites } from './writing/writes.ts';

/** Opens a client for one environment; nothing is sent before the first operation. */
export function createDynamicsClient(
  options: DynamicsClientOptions,
): DynamicsClient & DynamicsWrites & DynamicsRights {
  const dataverse = openDataverse(options);
  return {
    ...metadataOperations(dataverse),
    ...rightsOperations(dataverse),
    ...pageOperations(dataverse),
    ...rowOperations(dataverse, options.urlCharactersMax ?? 8_000),
    ...writeOperations(dataverse, {
      createMultipleRowsMax: options.createMultipleRowsMax ?? 200,
      batchRowsMax: options.batchRowsMax ?? 200,
    }),
    close: () => dataverse.close(),
    [Symbol.asyncDispose]: () => dataverse.close(),
  };
}
