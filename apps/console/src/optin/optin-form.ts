import type { OptinConfiguration, Optout } from '../api/types.ts';
import type { Fault } from '../editing/faults.ts';
import { OPTOUTS } from '../editing/field-words.ts';
import { namesOf } from '../editing/names-of.ts';
import type { FormRules } from '../editing/use-configuration-edit.ts';

export const OPTOUT_NAMES = namesOf(OPTOUTS);

/** The configuration with the contact's column of each opt-out; one that is not mapped has none. */
export type OptinDraft = Omit<OptinConfiguration, 'mappings'> & {
  mappings: Partial<Record<Optout, string>>;
};

const MAPPING = /^\/mappings\/(\d+)(\/|$)/;
const PLACES = /^\/(direction|source|toleratedSkewSeconds|(poll|export)\/)/;

/** The configuration of Opt-In/Out as a form. */
export const optinForm: FormRules<OptinConfiguration, OptinDraft> = {
  workflow: 'optin',
  draftOf: ({ mappings, ...rest }) => ({
    ...rest,
    mappings: Object.fromEntries(mappings.map(({ campaign, dynamics }) => [campaign, dynamics])),
  }),
  configurationOf({ mappings, ...rest }, base) {
    const known = base.mappings.map(({ campaign }) => campaign);
    const inOrder = [...known, ...OPTOUT_NAMES.filter((name) => !known.includes(name))];
    return {
      ...rest,
      mappings: inOrder.flatMap((campaign) => {
        const dynamics = mappings[campaign];
        return dynamics === undefined ? [] : [{ dynamics, campaign }];
      }),
    };
  },
  placeOf(pointer, { direction, source, mappings }) {
    const [, index] = MAPPING.exec(pointer) ?? [];
    const mapping = index === undefined ? undefined : mappings[Number(index)];
    const isShown = direction !== 'dynamics-to-campaign';
    if (mapping !== undefined) return isShown ? `/mappings/${mapping.campaign}` : null;
    if (!PLACES.test(pointer)) return null;
    const of = /^\/(poll|export)\//.exec(pointer)?.[1];
    return of === undefined || (isShown && of === source) ? pointer : null;
  },
  faultsWithin({ mappings, source, poll, ...rest }) {
    const columns = new Set<string>();
    const twice = OPTOUT_NAMES.flatMap((name): Fault[] => {
      const column = mappings[name];
      if (column === undefined) return [];
      if (column === '') return [{ pointer: `/mappings/${name}`, say: 'mapping.required.source' }];
      if (columns.has(column)) return [{ pointer: `/mappings/${name}`, say: 'optin.twice' }];
      columns.add(column);
      return [];
    });
    const needed: [string, string][] =
      source === 'poll'
        ? [
            ['/poll/filter', poll.filter],
            ['/poll/parameter', poll.parameter],
            ['/poll/keyField', poll.keyField],
          ]
        : [['/export/files', rest.export.files]];
    const empty = needed.flatMap(([pointer, value]): Fault[] =>
      value === '' ? [{ pointer, say: 'edit.required' }] : [],
    );
    return [...twice, ...empty];
  },
};
