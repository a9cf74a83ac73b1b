import type { ConnectionName, Connections, InstanceId } from '@landbridge/contracts';
import type { EventLog, Transaction } from '@landbridge/event-log';
import { seal, unseal } from '@landbridge/messaging';

/** Puts a connection under seal, in the transaction that tells the log of it. */
export async function keepSecret(
  tx: Transaction,
  instance: InstanceId,
  connection: ConnectionName,
  sealed: string,
): Promise<void> {
  await tx.query(
    `insert into connection_secrets values ($1, $2, $3)
     on conflict (instance, connection) do update set sealed = $3`,
    [instance, connection, sealed],
  );
}

export async function forgetSecrets(tx: Transaction, instance: InstanceId): Promise<void> {
  await tx.query('delete from connection_secrets where instance = $1', [instance]);
}

/** Everything that is set, with secrets. Throws  SealBroken (another LANDBRIDGE_KEY). */
export async function revealConnections(
  log: EventLog,
  instance: InstanceId,
  key: string,
): Promise<Connections> {
  const rows = await log.query<{ sealed: string }>(
    'select sealed from connection_secrets where instance = $1 order by connection',
    [instance],
  );
  const parts = await Promise.all(rows.map(({ sealed }) => unseal(sealed, key)));
  return parts.reduce<Connections>((all, part) => ({ ...all, ...part }), {});
}

/** The connections of an instance as the services get them: sealed anew, all together. */
export async function sealedConnections(
  log: EventLog,
  instance: InstanceId,
  key: string,
): Promise<string> {
  return seal(await revealConnections(log, instance, key), key);
}
