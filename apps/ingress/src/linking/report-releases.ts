import { randomUUID } from 'node:crypto';
import type { IngressRun, ReplicaId } from '@landbridge/contracts';
import { type Bus, publishReport } from '@landbridge/messaging';
import type { TableLinking } from './table-linking.ts';

/** Tells the control plane which dead letters say nothing any more; it closes each of them once. */
export function reportReleases(
  { workflow, instance, runId }: IngressRun,
  { bus, replica }: { bus: Bus; replica: ReplicaId },
): TableLinking['release'] {
  return ({ table, key }, letters) =>
    publishReport(bus, {
      reportId: randomUUID(),
      workflow,
      instance,
      runId,
      replica,
      at: new Date().toISOString(),
      kind: 'recordReleased',
      table,
      key,
      deadLetterIds: [...letters],
    });
}
