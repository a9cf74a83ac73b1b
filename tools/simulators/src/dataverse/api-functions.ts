import { json, type Incoming, type Reply } from '../http/exchange.ts';
import { DataverseRefusal, noSegment } from './dataverse-errors.ts';
import type { Environment } from './environment.ts';
import { queryOptions } from './query-options.ts';

/** `WhoAmI` and `RetrieveTotalRecordCount(…)`; null for a segment that is no function. */
export function apiFunction(
  env: Environment,
  segment: string,
  request: Incoming,
): (() => Reply) | null {
  const name = /^\w+/.exec(segment)?.[0] ?? '';
  if (name === 'WhoAmI') return () => whoAmI(env, request);
  if (name === 'RetrieveTotalRecordCount') return () => totals(env, segment, request);
  return null;
}

function whoAmI(env: Environment, request: Incoming): Reply {
  if (request.method !== 'GET') throw new DataverseRefusal(404, '', 'Not found.');
  return json(200, {
    '@odata.context': `${env.api()}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
    BusinessUnitId: env.ids.businessUnit,
    UserId: env.ids.user,
    OrganizationId: env.ids.organization,
  });
}

function totals(env: Environment, segment: string, request: Incoming): Reply {
  const { aliases } = queryOptions(request.query, env.switches.syntaxErrorCode);
  const argument = /\(EntityNames=(.+)\)$/.exec(segment)?.[1] ?? '';
  const list = argument.startsWith('@') ? (aliases.get(argument) ?? '') : argument;
  const names = [...list.matchAll(/["']([^"']+)["']/g)].map((match) => match[1] ?? '');
  if (names.length === 0) throw noSegment(segment);
  const values = names.map((name) => {
    const state = env.db.find(name);
    if (state !== null) return state.rows.count;
    throw new DataverseRefusal(
      404,
      '0x80040217',
      `The entity with a name = '${name}' was not found.`,
    );
  });
  return json(200, {
    '@odata.context': `${env.api()}$metadata#Microsoft.Dynamics.CRM.RetrieveTotalRecordCountResponse`,
    EntityRecordCountCollection: {
      Count: names.length,
      IsReadOnly: false,
      Keys: names,
      Values: values,
    },
  });
}
