import { createHash } from 'node:crypto';

/** The partition that all changes of this record go through; even over any `partitionCount`. */
export function partitionOfKey(table: string, key: string, partitionCount: number): number {
  const digest = createHash('sha1').update(table).update('\0').update(key).digest();
  return digest.readUInt32BE(0) % partitionCount;
}
