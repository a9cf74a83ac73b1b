import type { Filter } from '@landbridge/contracts';
import fc from 'fast-check';
import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const operand = fc.oneof(fc.constantFrom('', 'a', '1'), fc.constantFrom(0, 1), fc.boolean());
const dynamics = fc.constantFrom('firstname', 'statecode');
const condition = fc.oneof(
  fc.record({ dynamics, is: fc.constantFrom('eq', 'ne', 'gt'), value: operand }),
  fc.record({ dynamics, is: fc.constantFrom('in'), value: fc.array(operand, { minLength: 1 }) }),
  fc.record({ dynamics, is: fc.constantFrom('empty', 'notEmpty') }),
);
/** Which operand a comparison takes, a schema in JSON cannot say. */
const filter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => {
  const parts = fc.array(tie('filter'), { minLength: 1, maxLength: 3 });
  const groups = [fc.record({ all: parts }), fc.record({ any: parts })];
  return { filter: fc.oneof({ depthSize: 'small', withCrossShrink: true }, condition, ...groups) };
}).filter;

/** Values that `schema` takes, with every field that it has; what it refuses besides is left out. */
export function arbitraryOf<Value>(schema: z.ZodType<Value>): fc.Arbitrary<Value> {
  const json = z.toJSONSchema(schema);
  return valuesOf(json, json.$defs ?? {}).filter((value): value is Value => {
    const parsed = schema.safeParse(value);
    return parsed.success;
  });
}

function valuesOf(schema: JsonSchema, defs: Record<string, JsonSchema>): fc.Arbitrary<unknown> {
  const within = (inner: JsonSchema | boolean | undefined) =>
    typeof inner === 'object' ? valuesOf(inner, defs) : fc.constant(null);
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return name === 'Filter' ? filter : within(defs[name]);
  }
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) return fc.oneof(...union.map(within));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000_000 });
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1, noNaN: true });
    case 'string':
      return schema.pattern === undefined
        ? fc.constantFrom('a', 'b', 'c')
        : fc.stringMatching(new RegExp(schema.pattern), { size: '-1' });
    case 'array': {
      const items = Array.isArray(schema.items) ? undefined : schema.items;
      return fc.array(within(items), { minLength: schema.minItems ?? 0, maxLength: 3 });
    }
    case 'object':
      return recordsOf(schema, within);
    default:
      return fc.constant(null);
  }
}

function recordsOf(
  { properties, propertyNames, additionalProperties, required = [] }: JsonSchema,
  within: (inner: JsonSchema | boolean | undefined) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  if (properties === undefined) {
    const key = within(propertyNames).map(String);
    return fc.dictionary(key, within(additionalProperties), { maxKeys: 3 });
  }
  const model = Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, within(inner)]),
  );
  return fc.record(model, { requiredKeys: required });
}
