import type { OptinDecision } from '@landbridge/contracts';
import { readDecisions, type Bus } from '@landbridge/messaging';
import { z } from 'zod';
import type { ControlPlane } from '../control-plane.ts';
import { InvalidCursor } from '../errors.ts';
import { decodeCursor, encodeCursor } from '../opaque-cursor.ts';
import { instanceIn, type Stores } from '../projections/stores.ts';

/** The last decision of the page before. */
const Cursor = z.tuple([z.string(), z.string()]);

/** What Opt-In/Out decided of a contact, as long as the stream keeps it. */
export function createDecisions(stores: Stores, bus: Bus): ControlPlane['decisions'] {
  return {
    list: async (instance, { contactId, attribute, cursor, limit }) => {
      await instanceIn(stores, instance);
      const of = attribute === undefined ? { contactId } : { contactId, attribute };
      const newestFirst = await readDecisions(bus, instance, of);
      const begin = cursor === null ? 0 : afterCursor(newestFirst, cursor);
      const items = newestFirst.slice(begin, begin + limit);
      const last = items.at(-1);
      const isMore = begin + limit < newestFirst.length;
      return {
        items,
        next: isMore && last !== undefined ? encodeCursor([last.decidedAt, last.attribute]) : null,
      };
    },
  };
}

/** Throws  InvalidCursor, also where the decision is not kept any more. */
function afterCursor(decisions: readonly OptinDecision[], cursor: string): number {
  const [decidedAt, attribute] = decodeCursor(Cursor, cursor);
  const index = decisions.findIndex(
    (decision) => decision.decidedAt === decidedAt && decision.attribute === attribute,
  );
  if (index === -1) throw new InvalidCursor(cursor);
  return index + 1;
}
