import { hash } from 'node:crypto';
import type { MappedFields } from './map-record.ts';

/**
 * A short name for what is written: equal fields, in whatever order, have equal hashes.
 * `scope` is hashed too (the destination, the resource, the key), so that the memory of one
 * destination never speaks for another.
 */
export function contentHash(fields: MappedFields, scope: readonly string[] = []): string {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return hash('sha256', JSON.stringify([scope, sorted]), 'base64url').slice(0, 22);
}
