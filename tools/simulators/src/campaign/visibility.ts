import type { CampaignState, Published } from './campaign-state.ts';

/**
 * Whether Campaign shows a record. A link of cardinality 1 is an inner join: a record whose link
 * leads to nothing that is shown is stored, takes its keys, and is there for nobody.
 */
export function isVisible(state: CampaignState, published: Published, ordinal: number): boolean {
  const values = published.store.read(ordinal);
  if (values === null) return false;
  return published.resource.attributes.every(({ name, join }) => {
    if (join?.cardinality !== 'one') return true;
    const parent = state.find(join.resource);
    const value = values[name];
    if (parent === null || value === undefined) return false;
    return parent.store
      .find([join.attribute], [value])
      .some((other) => isVisible(state, parent, other));
  });
}

/** Whether any record of the resource may be hidden. */
export const mayHide = ({ resource }: Published): boolean =>
  resource.attributes.some(({ join }) => join?.cardinality === 'one');
