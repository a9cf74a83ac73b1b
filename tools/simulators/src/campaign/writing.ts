import { addressed, checkBodyPKey } from './addressing.ts';
import { applicationError, duplicateKey, keyInconsistent } from './campaign-errors.ts';
import type { CampaignState, Published } from './campaign-state.ts';
import { checkValues, timestamp, type Written } from './check-values.ts';
import type { Values } from './record-store.ts';

type Body = Record<string, unknown>;

/** Inserts a record; answers its ordinal. Throws  CampaignRefusal. */
export function insert(state: CampaignState, published: Published, body: Body): number {
  const written = checkValues(body, published.resource, state.switches);
  checkBodyPKey(state, published, written.bodyPKey, null);
  const missing = published.resource.attributes.find(
    ({ name, mandatory }) => mandatory === true && written.values[name] === undefined,
  );
  if (missing !== undefined) {
    throw applicationError(
      state.switches,
      500,
      `XTK-170006 The '${missing.name}' property is mandatory; an empty value is not valid.`,
    );
  }
  const now = timestamp(state.now());
  const values = withPolicy(state, moved(state, published, {}, written, now));
  if (has(published, 'created')) values['created'] = now;
  checkUnique(state, published, values, null);
  state.insert(published, values);
  return published.store.end - 1;
}

/** Changes the record that `key` names; answers its ordinal. Throws  CampaignRefusal. */
export function change(
  state: CampaignState,
  published: Published,
  key: string,
  body: Body,
): number {
  const { ordinal, byKey } = addressed(state, published, key, 'PATCH');
  const written = checkValues(body, published.resource, state.switches);
  checkBodyPKey(state, published, written.bodyPKey, ordinal);
  if (byKey !== null) {
    const to = written.cleared.includes(byKey.attribute) ? '' : written.values[byKey.attribute];
    if (to !== undefined && String(to) !== byKey.value) {
      throw keyInconsistent(state.switches, byKey.value, String(to));
    }
  }
  const before = published.store.read(ordinal) ?? {};
  const values = withPolicy(
    state,
    moved(state, published, before, written, timestamp(state.now())),
  );
  checkUnique(state, published, values, ordinal);
  state.replace(published, ordinal, values);
  return ordinal;
}

export function remove(state: CampaignState, published: Published, key: string): void {
  state.remove(published, addressed(state, published, key, 'DELETE').ordinal);
}

/** The values after a write, with the times that the application keeps by itself. */
function moved(
  state: CampaignState,
  published: Published,
  before: Values,
  written: Written,
  now: string,
): Values {
  const values: Values = { ...before, ...written.values };
  for (const name of written.cleared) Reflect.deleteProperty(values, name);
  if (has(published, 'lastModified')) values['lastModified'] = now;
  return state.switches.apiMovesOptOutTimes
    ? withOptOutTimes(state, published, { before, after: values }, now)
    : values;
}

/** `after` with the own time of each opt-out attribute whose value is not what it was `before`. */
export function withOptOutTimes(
  state: CampaignState,
  published: Published,
  { before, after }: { before: Values; after: Values },
  at: string,
): Values {
  if (published.resource.name !== 'profile') return after;
  const moved: Values = { ...after };
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (name.endsWith('LastModified')) continue;
    if (!name.startsWith('blackList') && name !== 'ccpaOptOut') continue;
    if ((before[name] ?? false) === (after[name] ?? false)) continue;
    for (const time of timesOf(state, name)) if (has(published, time)) moved[time] = at;
  }
  return moved;
}

function timesOf(state: CampaignState, name: string): string[] {
  if (name !== 'blackList') return [`${name}LastModified`];
  return state.switches.blackListPair === 'both'
    ? ['blackListLastModified', 'blackListAllLastModified']
    : [state.switches.blackListPair];
}

function has(published: Published, attribute: string): boolean {
  return published.resource.attributes.some(({ name }) => name === attribute);
}

function checkUnique(
  state: CampaignState,
  published: Published,
  values: Values,
  ordinal: number | null,
): void {
  for (const key of state.keys(published)) {
    const own = published.store.keyOf(key, values);
    if (own === null) continue;
    if (published.store.find(key, own).some((other) => other !== ordinal)) {
      throw duplicateKey(state.switches, published.resource.name, key);
    }
  }
}

const SMART_CASE = ['firstName', 'middleName', 'lastName'];

/** A data policy rewrites what was sent: names capitalised, e-mail in small letters. */
function withPolicy(state: CampaignState, values: Values): Values {
  if (state.switches.dataPolicy === 'none') return values;
  for (const name of SMART_CASE) {
    const value = values[name];
    if (typeof value === 'string') {
      values[name] = value.charAt(0).toUpperCase() + value.slice(1).toLowerCase();
    }
  }
  if (typeof values['email'] === 'string') values['email'] = values['email'].toLowerCase();
  return values;
}
