import type { OptoutName } from '@landbridge/contracts';

/** What an opt-out and its time may be called, the API's name first. */
export type OptoutAttribute = { values: readonly string[]; changedAts: readonly string[] };

/**
 * How Campaign calls an opt-out. The API says `blackList…`, the manual `denyList…`; either may be
 * met. Which of two times belongs to `blackList` itself is not known, and the push opt-out has none.
 */
export function optoutAttribute(name: OptoutName): OptoutAttribute {
  const values = [name.replace(/^denyList/, 'blackList'), name].filter(
    (one, index, all) => all.indexOf(one) === index,
  );
  const changedAts = values.flatMap((value) =>
    /List$/.test(value)
      ? [`${value}LastModified`, `${value}AllLastModified`]
      : [`${value}LastModified`],
  );
  return { values, changedAts };
}

/** `value`: the attribute as this instance calls it; null where it has none of that name. */
export function optoutFieldsOf(
  name: OptoutName,
  fields: ReadonlySet<string>,
): { value: string | null; changedAts: string[] } {
  const { values, changedAts } = optoutAttribute(name);
  return {
    value: values.find((one) => fields.has(one)) ?? null,
    changedAts: changedAts.filter((one) => fields.has(one)),
  };
}
