/** An even 32-bit number from a seed and up to two coordinates: the same again for the same ones. */
export function scatter(seed: number, index: number, salt = 0): number {
  let h =
    Math.imul(index ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(salt + 0x7f4a7c15, 0xc2b2ae35) ^ seed;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A number in [0, 1) at each call, the same series for the same seed. */
export function series(seed: number): () => number {
  let n = 0;
  return () => scatter(seed, n++, 77) / 0x1_0000_0000;
}
