import type { JsonObject, RecordedEvent } from './event.ts';

/** Leads `data` of one type from one schema version to the next. Pure: it sees nothing else. */
export interface Upcaster {
  type: string;
  fromSchemaVersion: number;
  upcast: (data: JsonObject) => JsonObject;
}

/** An upcaster for events of `type` that were stored with `fromSchemaVersion`. */
export function registerUpcaster(
  type: string,
  fromSchemaVersion: number,
  upcast: (data: JsonObject) => JsonObject,
): Upcaster {
  return { type, fromSchemaVersion, upcast };
}

export type Upcast = (event: RecordedEvent) => RecordedEvent;

/**
 * Chains the upcasters of each type; an event without one is left as it is.
 * Throws  RangeError when two upcasters start from the same version of a type.
 */
export function upcastWith(upcasters: readonly Upcaster[]): Upcast {
  const steps = new Map<string, Map<number, Upcaster>>();
  for (const upcaster of upcasters) {
    const ofType = steps.get(upcaster.type) ?? new Map<number, Upcaster>();
    if (ofType.has(upcaster.fromSchemaVersion)) {
      throw new RangeError(
        `Two upcasters of ${upcaster.type} start from schema version ${upcaster.fromSchemaVersion}`,
      );
    }
    steps.set(upcaster.type, ofType.set(upcaster.fromSchemaVersion, upcaster));
  }
  return (event) => {
    const ofType = steps.get(event.type);
    if (ofType === undefined) return event;
    let { data, schemaVersion } = event;
    for (let step = ofType.get(schemaVersion); step; step = ofType.get(schemaVersion)) {
      data = step.upcast(data);
      schemaVersion += 1;
    }
    return { ...event, data, schemaVersion };
  };
}
