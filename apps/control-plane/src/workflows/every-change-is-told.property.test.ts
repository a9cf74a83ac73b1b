import { expect, test } from '@jest/globals';
import {
  EgressConfiguration,
  IngressConfiguration,
  InstanceSettings,
  OptinConfiguration,
  type ConfigurationChange,
} from '@landbridge/contracts';
import fc from 'fast-check';
import type { z } from 'zod';
import { arbitraryOf } from '../../test/arbitrary-of-schema.ts';
import { changesBetween } from './configuration-changes.ts';
import { isSameContent } from './same-content.ts';
import { settingsChanges } from './settings-changes.ts';
import { isSameConfiguration } from './workflow-configuration.ts';

type Told<Value> = {
  tell: (before: Value, after: Value) => ConfigurationChange[];
  isSame: (before: Value, after: Value) => boolean;
};

/** The value with one place as it is in `other`, for each place where the two differ; and reordered. */
function* withOnePlaceOf(value: unknown, other: unknown): Generator {
  if (Array.isArray(value)) yield value.toReversed();
  if (isSameContent(value, other)) return;
  yield other;
  if (Array.isArray(value) && Array.isArray(other)) {
    const shared = value.slice(0, other.length);
    for (const [index, entry] of shared.entries()) {
      for (const inner of withOnePlaceOf(entry, other[index])) yield value.with(index, inner);
    }
  } else if (isFields(value) && isFields(other)) {
    for (const name of new Set([...Object.keys(value), ...Object.keys(other)])) {
      const was: unknown = Reflect.get(value, name);
      const is: unknown = Reflect.get(other, name);
      for (const inner of withOnePlaceOf(was, is)) yield { ...value, [name]: inner };
    }
  }
}

const isFields = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without the order of its lists. */
const unordered = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(unordered).toSorted((one, other) => (text(one) < text(other) ? -1 : 1))
    : isFields(value)
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unordered(inner)]))
      : value;
const text = (value: unknown) => JSON.stringify(value);

/** Every difference in one place alone has a line, and every line says something that is so. */
function everyChangeIsTold<Value>(schema: z.ZodType<Value>, { tell, isSame }: Told<Value>) {
  const values = arbitraryOf(schema);
  fc.assert(
    fc.property(values, values, (before, other) => {
      for (const changed of withOnePlaceOf(before, other)) {
        const { data: after } = schema.safeParse(changed);
        if (after === undefined) continue;
        const summaries = tell(before, after).map(({ summary }) => summary);
        expect({ before, after, isTold: summaries.length > 0 }).toMatchObject({
          isTold: !isSame(before, after),
        });
        for (const summary of summaries) {
          expect(summary).not.toMatch(
            /: (.+) → \1$|takes (.+) instead of \2$|by (.+) instead of \3$/,
          );
        }
        if (summaries.includes('Only the order changed')) {
          expect(text(unordered(after))).toBe(text(unordered(before)));
        }
      }
    }),
    { numRuns: 40 },
  );
}

const configurations = { tell: changesBetween, isSame: isSameConfiguration };

test('every change of a mapping is told, and only an order as an order', () => {
  everyChangeIsTold(IngressConfiguration, configurations);
});

test('every change of what goes to Dynamics is told', () => {
  everyChangeIsTold(EgressConfiguration, configurations);
});

test('every change of Opt-In/Out is told', () => {
  everyChangeIsTold(OptinConfiguration, configurations);
});

test('every change of the settings is told', () => {
  everyChangeIsTold(InstanceSettings, { tell: settingsChanges, isSame: isSameContent });
});
