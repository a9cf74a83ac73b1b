import { isDeepStrictEqual } from 'node:util';

/** A part of an OpenAPI document, as JSON. */
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Schemas = Record<string, Json>;

const POINTER = '#/components/schemas/';
const INPUT = 'Input';

const isObject = (value: Json): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same document with every reference to a schema named by `rename`. */
function withReferences(value: Json, rename: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) =>
      name === '$ref' && typeof item === 'string' && item.startsWith(POINTER)
        ? [name, POINTER + rename(item.slice(POINTER.length))]
        : [name, withReferences(item, rename)],
    ),
  );
}

function referencesIn(value: Json, found: Set<string> = new Set()): Set<string> {
  withReferences(value, (name) => {
    found.add(name);
    return name;
  });
  return found;
}

/** Those `…Input` schemas that say the same as the schema without the ending, itself included. */
function twinsOf(schemas: Schemas): Set<string> {
  const base = (name: string) => name.slice(0, -INPUT.length);
  const twins = new Set(
    Object.keys(schemas).filter((name) => name.endsWith(INPUT) && base(name) in schemas),
  );
  const rename = (name: string) => (twins.has(name) ? base(name) : name);
  for (let before = -1; before !== twins.size;) {
    before = twins.size;
    for (const name of twins) {
      const input = withReferences(schemas[name] ?? null, rename);
      if (!isDeepStrictEqual(input, schemas[base(name)])) twins.delete(name);
    }
  }
  return twins;
}

function reachableFrom(start: Json, schemas: Schemas): Set<string> {
  const reached = new Set<string>();
  const waiting = [...referencesIn(start)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    waiting.push(...referencesIn(schemas[name] ?? null));
  }
  return reached;
}

/**
 * Two names for one schema become one, and schemas that no path leads to go.
 * Shape   `paths` and `schemas` are the document's own parts, as JSON.
 */
export function pruneSchemas(paths: Json, schemas: Schemas): { paths: Json; schemas: Schemas } {
  const twins = twinsOf(schemas);
  const rename = (name: string) => (twins.has(name) ? name.slice(0, -INPUT.length) : name);
  const renamedPaths = withReferences(paths, rename);
  const renamed = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, withReferences(schema, rename)]),
  );
  const reached = reachableFrom(renamedPaths, renamed);
  const kept = Object.entries(renamed)
    .filter(([name]) => reached.has(name))
    .toSorted(([one], [other]) => one.localeCompare(other));
  return { paths: renamedPaths, schemas: Object.fromEntries(kept) };
}
