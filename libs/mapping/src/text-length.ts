/**
 * The length of `text` as Campaign's database counts it.
 * Assumption: Campaign Standard stores text in PostgreSQL, whose varchar(n) counts code points, so
 * that an emoji outside the basic plane is one and a family joined by zero-width joiners is seven.
 * Adobe documents no other rule; if a real instance counts otherwise, it is changed here alone.
 */
export function campaignLength(text: string): number {
  return Array.from(text).length;
}
