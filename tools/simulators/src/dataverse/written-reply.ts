import { json, type Incoming, type Reply } from '../http/exchange.ts';
import type { TableState } from './database.ts';
import { badPayload, DataverseRefusal } from './dataverse-errors.ts';
import type { Environment } from './environment.ts';
import { preferencesOf, queryOptions } from './query-options.ts';
import { contextColumns, rowJson, selectionOf } from './row-format.ts';

export type Body = Record<string, unknown>;

/** What a create or an update answers: nothing, or the row where it was preferred. */
export function written(
  env: Environment,
  state: TableState,
  ordinal: number,
  request: Incoming,
  what: 'created' | 'updated',
): Reply {
  const address = `${env.api()}${state.table.entitySet}(${state.rows.idOf(ordinal)})`;
  const preferences = preferencesOf(request);
  if (!preferences.representation) {
    const headers = { 'odata-entityid': address };
    return {
      status: 204,
      headers: what === 'created' ? { ...headers, location: address } : headers,
      records: 1,
    };
  }
  const { options } = queryOptions(request.query, env.switches.syntaxErrorCode);
  const { syntaxErrorCode } = env.switches;
  const selection = selectionOf(
    env.db,
    state,
    options.get('$select'),
    options.get('$expand'),
    syntaxErrorCode,
  );
  const body = {
    '@odata.context': `${env.api()}$metadata#${state.table.entitySet}${contextColumns(selection)}/$entity`,
    ...rowJson(env.db, state, ordinal, selection, preferences),
  };
  return {
    ...json(what === 'created' ? 201 : 200, body, {
      'preference-applied': preferences.applied.join(','),
    }),
    records: 1,
  };
}

/** The JSON object in a request's body. Throws  DataverseRefusal when there is none. */
export function bodyOf(request: Incoming): Body {
  const type = request.headers['content-type'];
  if (type !== undefined && !type.includes('json')) {
    throw new DataverseRefusal(
      415,
      '0x8006088a',
      `The media type '${type}' is not supported for this request.`,
    );
  }
  if (type === undefined && request.body !== '') {
    throw badPayload('A content type header is required for a request with a body.');
  }
  try {
    const body: unknown = JSON.parse(request.body);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body;
  } catch {
    // Answered below: what is not JSON is refused like what is no object.
  }
  throw badPayload('The payload is not a JSON object.');
}
