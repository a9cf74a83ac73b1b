import type { Connections, DesiredRun } from '@landbridge/contracts';
import { SealBroken, unseal } from '@landbridge/messaging';
import { RunFailedError } from './errors.ts';

/**
 * The connections that the run was started with.
 * Throws  RunFailedError (sealed with another LANDBRIDGE_KEY).
 */
export async function openConnections(
  { sealedConnections }: Pick<DesiredRun, 'sealedConnections'>,
  key: string,
): Promise<Connections> {
  return unseal(sealedConnections, key).catch((cause: unknown) => {
    if (!(cause instanceof SealBroken)) throw cause;
    const message = 'The connections were sealed with another LANDBRIDGE_KEY than this service has';
    throw new RunFailedError(
      { code: 'unexpected', system: 'landbridge', field: 'LANDBRIDGE_KEY', message },
      { cause },
    );
  });
}

/** Throws  RunFailedError naming the connection that is not set. */
export function neededConnection<Name extends keyof Connections>(
  connections: Connections,
  name: Name,
): NonNullable<Connections[Name]> {
  const connection = connections[name];
  if (connection) return connection;
  throw new RunFailedError({
    code: 'configurationInvalid',
    system: 'landbridge',
    field: name,
    message: `The connection "${name}" is not set`,
  });
}
