import { hash } from 'node:crypto';
import type { CampaignResourceMetadata } from '@landbridge/contracts';
import { canonicalValue } from './canonical-value.ts';
import { asAddress, isAddress } from './links/compare-links.ts';
import type { MappedFields } from './map-record.ts';
import { fieldNamed } from './metadata-index.ts';

/** Reads an attribute of Campaign's record by its dotted name; undefined: it is absent. */
export type HeldValue = (name: string) => unknown;

/**
 * The names of `mapped` that Campaign's record does not hold as they would be written, in order.
 * An attribute that Campaign did not send is one that it does not hold a value for. A link that
 * Campaign shows as an address of its own only differs from one that leads nowhere.
 */
export function differingFields(
  mapped: MappedFields,
  held: HeldValue,
  resource: CampaignResourceMetadata,
): string[] {
  return Object.keys(mapped).filter((name) => {
    const field = fieldNamed(resource, name);
    if (field === undefined) return mapped[name] !== held(name);
    if (field.type === 'link' && isAddress(held(name))) {
      return asAddress(mapped[name]) !== asAddress(held(name));
    }
    return canonicalValue(mapped[name], field) !== canonicalValue(held(name), field);
  });
}

/**
 * 64 bits that stand for the values of `names`, whichever side they come from: equal ones mean that
 * `differingFields` finds nothing (but for one chance in 2^64).
 */
export function comparedDigest(
  names: readonly string[],
  value: HeldValue,
  resource: CampaignResourceMetadata,
): bigint {
  let told = '';
  for (const name of [...names].sort()) {
    const field = fieldNamed(resource, name);
    const text =
      field === undefined
        ? JSON.stringify(value(name) ?? null)
        : canonicalValue(value(name), field);
    told += `${name}\0${text.length}\0${text}\0`;
  }
  return hash('sha1', told, 'buffer').readBigUInt64BE();
}
