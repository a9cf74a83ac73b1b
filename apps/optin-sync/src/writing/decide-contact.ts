import type { OptinDecision } from '@landbridge/contracts';
import type { DynamicsRow } from '@landbridge/dynamics';
import { decideOptin, type OptoutReading } from '@landbridge/mapping';
import { utcOf, valueOf } from '../reading/dynamics.reader.ts';
import type { ContactMemory } from './contact-memory.ts';
import type { WritingDeps } from './writing-deps.ts';

/**
 * Decides every mapped opt-out of a contact by what both sides hold now. Where the last change in
 * Dynamics 365 was our own write, its time is the one from before it: a write of ours must not make
 * Dynamics 365 the newer side for another opt-out of the same contact.
 */
export function decideContact(
  row: DynamicsRow,
  reading: OptoutReading,
  known: Pick<ContactMemory, 'own'>,
  { direction, run, schema, now }: Pick<WritingDeps, 'direction' | 'run' | 'schema' | 'now'>,
): OptinDecision[] {
  const { toleratedSkewSeconds } = run.configuration;
  const decidedAt = now().toISOString();
  // A record without a time counts as newest: then an opt-out stays.
  const modifiedOn = row.modifiedOn === null ? decidedAt : utcOf(row.modifiedOn);
  const comparedAs = isOwn(row, known) ? known.own.before : modifiedOn;
  return schema().optouts.map(({ name, column }) => {
    const value = valueOf(row, column);
    const campaign = reading.attributes[name] ?? { value: null, changedAt: null };
    const { changedAt } = campaign;
    const { write, ...decided } = decideOptin(
      direction,
      {
        dynamics: { value, modifiedOn: Date.parse(comparedAs) },
        campaign: {
          value: campaign.value,
          changedAt: changedAt === null ? null : wholeSecond(Date.parse(changedAt)),
        },
      },
      toleratedSkewSeconds * 1_000,
    );
    return {
      decidedAt,
      instance: run.instance,
      runId: run.runId,
      contactId: row.id,
      attribute: name,
      column,
      direction,
      dynamics: { value, modifiedOn, comparedAs },
      campaign,
      toleratedSkewSeconds,
      ...decided,
      written: write,
    };
  });
}

/**
 * Dataverse tells whole seconds, cut off. Compared with Campaign's milliseconds, a change of the
 * same second would count as older than it is.
 */
const wholeSecond = (ms: number): number => Math.floor(ms / 1_000) * 1_000;

/** Whether nobody has changed the contact since we did. */
function isOwn(
  { version }: DynamicsRow,
  known: Pick<ContactMemory, 'own'>,
): known is { own: NonNullable<ContactMemory['own']> } {
  return version !== null && known.own?.version === version;
}
