/**
 * A pair of a contact's column and an opt-out, as the server tells of one that came or went; null
 * for everything else that has two ends, such as a field or a link of a table.
 */
export function pairOf(value: unknown): { from: string; to: string } | null {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return null;
  if (!('dynamics' in value) || !('campaign' in value)) return null;
  const { dynamics, campaign } = value;
  return typeof dynamics === 'string' && typeof campaign === 'string'
    ? { from: dynamics, to: campaign }
    : null;
}
