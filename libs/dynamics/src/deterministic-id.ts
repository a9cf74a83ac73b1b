import { createHash } from 'node:crypto';

/**
 * A GUID that is the same for the same name, however often it is asked for: a row created under it
 * twice is one row. `namespace`: a GUID that keeps names of different meaning apart.
 * Source  RFC 9562, UUID version 5.
 */
export function deterministicId(namespace: string, name: string): string {
  const scope = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  if (scope.length !== 16) throw new RangeError('A namespace of deterministic ids is a GUID');
  const bytes = createHash('sha1').update(scope).update(name, 'utf8').digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [8, 12, 16, 20, 32]
    .map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end))
    .join('-');
}
