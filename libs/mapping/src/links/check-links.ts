import type { IngressConfiguration, TableMapping } from '@landbridge/contracts';
import { error, type Finding } from '../finding.ts';

/** `linkDepthMax`: links from a table to its farthest parent. */
export type LinkGuardrails = { linkedColumnsMax: number; linkDepthMax: number };

export const DEFAULT_LINK_GUARDRAILS: LinkGuardrails = { linkedColumnsMax: 5, linkDepthMax: 2 };

/** Links that lead to no mapped table, in a circle or too far, and more than a table may have. */
export function checkLinks(
  configuration: IngressConfiguration,
  { linkedColumnsMax, linkDepthMax }: LinkGuardrails = DEFAULT_LINK_GUARDRAILS,
): Finding[] {
  const tables = new Map(
    configuration.mappings.map((mapping) => [mapping.dynamicsTable, mapping.links]),
  );
  return configuration.mappings.flatMap(({ dynamicsTable, links }, index) => {
    const pointer = `/mappings/${index}/links`;
    const tooMany =
      links.length <= linkedColumnsMax
        ? []
        : [
            error(
              `${pointer}/${linkedColumnsMax}`,
              `"${dynamicsTable}" has ${links.length} linked columns; ${linkedColumnsMax} are allowed (linkedColumnsMax)`,
            ),
          ];
    const each = links.flatMap(({ to }, at): Finding[] => {
      if (!tables.has(to)) {
        return [error(`${pointer}/${at}/to`, `the table "${to}" has no mapping to link to`)];
      }
      const path = pathFrom([dynamicsTable, to], tables, linkDepthMax);
      if (path === null) return [];
      const named = path.join(' → ');
      const message =
        path.at(-1) === dynamicsTable
          ? `${named} is a cycle, so that no record of it could be the first`
          : `${named} are ${path.length - 1} links in a row; ${linkDepthMax} are allowed (linkDepthMax)`;
      return [error(`${pointer}/${at}/to`, message)];
    });
    return [...tooMany, ...each];
  });
}

type Links = ReadonlyMap<string, readonly { to: string }[]>;

/** The first path that comes back to its beginning, or else is too long; null: there is none. */
function pathFrom(path: string[], tables: Links, linkDepthMax: number): string[] | null {
  return cycleFrom(path, tables) ?? tooDeepFrom(path, tables, linkDepthMax);
}

function cycleFrom(path: string[], tables: Links): string[] | null {
  if (path.at(-1) === path[0]) return path;
  for (const { to } of tables.get(path.at(-1) ?? '') ?? []) {
    // A circle that does not come by the beginning is found from one of its own tables.
    if (path.indexOf(to) > 0) continue;
    const cycle = cycleFrom([...path, to], tables);
    if (cycle !== null) return cycle;
  }
  return null;
}

function tooDeepFrom(path: string[], tables: Links, linkDepthMax: number): string[] | null {
  if (path.length - 1 > linkDepthMax) return path;
  for (const { to } of tables.get(path.at(-1) ?? '') ?? []) {
    if (path.includes(to)) continue;
    const found = tooDeepFrom([...path, to], tables, linkDepthMax);
    if (found !== null) return found;
  }
  return null;
}

/** Attributes that a link writes and something else writes too. */
export function checkLinkAttributes(mapping: TableMapping, pointer: string): Finding[] {
  const taken = new Set([mapping.key, ...mapping.fields].map(({ campaign }) => campaign));
  return mapping.links.flatMap(({ campaign }, index) => {
    const inside = [...taken].find((name) => name.startsWith(`${campaign}.`));
    const findings = taken.has(campaign)
      ? [
          error(
            `${pointer}/links/${index}/campaign`,
            `"${campaign}" already gets its value from another column; one source is allowed`,
          ),
        ]
      : inside === undefined
        ? []
        : [
            error(
              `${pointer}/links/${index}/campaign`,
              `"${inside}" lies inside the link "${campaign}"; Campaign would drop the link`,
            ),
          ];
    taken.add(campaign);
    return findings;
  });
}
