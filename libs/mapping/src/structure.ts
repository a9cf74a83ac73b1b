import type { IngressConfiguration, TableMapping } from '@landbridge/contracts';
import { checkLinks, checkLinkAttributes, type LinkGuardrails } from './links/check-links.ts';
import { error, type Finding } from './finding.ts';

/**
 * What can be said against a configuration without looking at either system: things mapped twice,
 * a key that is mapped as well, links that lead nowhere, in a circle or too far.
 */
export function checkStructure(
  configuration: IngressConfiguration,
  guardrails?: LinkGuardrails,
): Finding[] {
  return [
    ...repeated(
      configuration.mappings.map((mapping, index) => ({
        name: mapping.dynamicsTable,
        pointer: `/mappings/${index}/dynamicsTable`,
      })),
      (name) => `the table "${name}" is mapped more than once; one mapping is allowed`,
    ),
    ...repeated(
      configuration.mappings.map((mapping, index) => ({
        name: mapping.campaignResource,
        pointer: `/mappings/${index}/campaignResource`,
      })),
      (name) => `the resource "${name}" is mapped more than once; one mapping is allowed`,
    ),
    ...configuration.mappings.flatMap((mapping, index) =>
      checkMappingStructure(mapping, `/mappings/${index}`),
    ),
    ...checkLinks(configuration, guardrails),
  ];
}

export function checkMappingStructure(mapping: TableMapping, pointer: string): Finding[] {
  const targets = mapping.fields.map((field, index) => ({
    name: field.campaign,
    pointer: `${pointer}/fields/${index}/campaign`,
  }));
  return [
    ...repeated(
      targets,
      (name) => `"${name}" already gets its value from another column; one source is allowed`,
    ),
    ...targets
      .filter(({ name }) => name === mapping.key.campaign)
      .map((target) =>
        error(target.pointer, `"${target.name}" is the key, which is written by itself`),
      ),
    ...overlapping(targets),
    ...checkLinkAttributes(mapping, pointer),
    ...repeatedReplacements(mapping, pointer),
  ];
}

type Named = { name: string; pointer: string };

/** A finding for the second and every later use of a name; they point at the later one. */
function repeated(items: Named[], message: (name: string) => string): Finding[] {
  const seen = new Set<string>();
  return items.flatMap(({ name, pointer }) => {
    if (seen.has(name)) return [error(pointer, message(name))];
    seen.add(name);
    return [];
  });
}

/** `location` and `location.city` cannot both be written. */
function overlapping(targets: Named[]): Finding[] {
  const names = new Set(targets.map(({ name }) => name));
  return targets.flatMap(({ name, pointer }) => {
    const steps = name.split('.');
    const parent = steps
      .slice(1)
      .map((_, index) => steps.slice(0, index + 1).join('.'))
      .find((prefix) => names.has(prefix));
    return parent === undefined
      ? []
      : [error(pointer, `"${name}" lies inside "${parent}", which is mapped as well`)];
  });
}

function repeatedReplacements(mapping: TableMapping, pointer: string): Finding[] {
  return repeated(
    mapping.replacements.map(({ dynamics, from }, index) => ({
      name: `${dynamics} = ${JSON.stringify(from)}`,
      pointer: `${pointer}/replacements/${index}/from`,
    })),
    (name) => `${name} already has a replacement`,
  );
}
