import type { TableMapping } from '@landbridge/contracts';
import { keyShown } from '../canonical-value.ts';
import type { Clearing } from '../clearing.ts';
import type { MappedFields } from '../map-record.ts';
import type { MappingMetadata } from '../metadata-index.ts';
import type { MappingRejection } from '../reject-reason.ts';
import { type LinkedSource, mapLinks } from './map-links.ts';

/**
 * Shape   `values`: by link attribute, the key of the parent, or the cleared value where there is
 *         none. `unread`: the columns do not say where the links lead.
 */
export type LinkValues =
  | { kind: 'linked'; values: MappedFields }
  | { kind: 'refused'; rejected: MappingRejection }
  | { kind: 'unread' };

/** What the links of a record should show in Campaign, to be compared as its fields are. */
export function linkValues(
  source: LinkedSource,
  mapping: TableMapping,
  metadata: MappingMetadata,
  options: { clearing: Clearing },
): LinkValues {
  const links = mapLinks(source, mapping, metadata, options);
  if (links.kind !== 'linked') return links;
  const values: MappedFields = {};
  for (const { campaign, by } of mapping.links) {
    const nested = by === 'key' ? links.attributes[`${campaign}.PKey`] : undefined;
    const value = nested ?? links.attributes[campaign];
    if (value !== undefined) values[campaign] = value;
  }
  return { kind: 'linked', values };
}

const ADDRESS = '@';

/** Whether Campaign shows an address of its own instead of the key that a link was set by. */
export const isAddress = (held: unknown): boolean => keyShown(held).startsWith(ADDRESS);

/** Where a link leads, as it compares with an address: that one only says that it leads somewhere. */
export const asAddress = (link: unknown): string => (keyShown(link) === '' ? '' : ADDRESS);
