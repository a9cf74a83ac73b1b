import type { ComparedField, TableMapping } from '@landbridge/contracts';
import {
  differingFields,
  type HeldValue,
  type LinkValues,
  type MappedRecord,
  type MappingMetadata,
} from '@landbridge/mapping';

/** The links of a record beside its fields; `held` null: there is no record to compare with. */
export function comparedLinks(
  links: LinkValues,
  { links: linkMappings }: TableMapping,
  held: HeldValue | null,
  { resource }: MappingMetadata,
): ComparedField[] {
  const values = links.kind === 'linked' ? links.values : {};
  const rejected = links.kind === 'refused' ? links.rejected : null;
  return linkMappings.map(({ campaign, dynamics }) => {
    const value = values[campaign];
    return {
      campaign,
      dynamics,
      applyUpdates: true,
      ...(value === undefined ? {} : { mapped: value }),
      rejected:
        rejected?.field === campaign ? { code: rejected.code, message: rejected.message } : null,
      ...(held === null ? {} : { held: held(campaign) ?? null }),
      differs:
        held !== null &&
        value !== undefined &&
        differingFields({ [campaign]: value }, held, resource).length > 0,
    };
  });
}

/** What the mapping makes of a record with its links, which follow changes. */
export function withLinks(mapped: MappedRecord, links: LinkValues): MappedRecord {
  if (!mapped.ok || links.kind === 'unread') return mapped;
  if (links.kind === 'refused') return { ok: false, rejected: links.rejected };
  return { ...mapped, followed: { ...mapped.followed, ...links.values } };
}
