import type { Incoming, Reply, Route } from '../http/exchange.ts';
import { apiFunction } from './api-functions.ts';
import type { TableState } from './database.ts';
import { DataverseRefusal, noSegment } from './dataverse-errors.ts';
import type { Environment } from './environment.ts';
import { readMetadata } from './metadata.ts';
import { isMultipleAction, multipleAction } from './multiple-actions.ts';
import type { References } from './payload.ts';
import { requirePrivilege, USER_PRIVILEGES, userPrivileges } from './privileges.ts';
import { changesSince } from './read-delta.ts';
import { readCount, readList } from './read-list.ts';
import { narrowed, referring } from './timeline.ts';
import { createRow, deleteRow, oneProperty, readRow, upsertRow } from './write-rows.ts';

export const API_ROOT = '/api/data/v9.2';

/** What an address under the API's root leads to. `apply` throws DataverseRefusal. */
export function apiRoute(env: Environment, request: Incoming, references: References): Route {
  const segments = segmentsOf(request.path);
  const [first = '', ...rest] = segments;
  const fixed = (call: string, apply: () => Reply): Route => ({
    call,
    template: `${API_ROOT}/${segments.join('/')}`,
    key: null,
    apply,
  });
  if (first.startsWith('EntityDefinitions')) {
    return fixed('metadata', () => {
      if (request.method !== 'GET') throw methodRefused(request.method);
      return readMetadata(env, first, rest, request);
    });
  }
  const fn = apiFunction(env, first, request);
  if (fn !== null) return fixed(first.startsWith('WhoAmI') ? 'whoAmI' : 'function', fn);
  const named = /^(\w+)(?:\((.*)\))?$/s.exec(first);
  const state = env.db.bySet(named?.[1] ?? '');
  if (named === null || state === null) {
    return fixed('lost', () => {
      throw noSegment(first);
    });
  }
  const { entitySet } = state.table;
  if (named[2] === undefined) return setRoute(env, state, rest, request, references);
  const inside = named[2];
  if (state.table.logicalName === 'systemuser' && rest[0] === USER_PRIVILEGES) {
    return fixed('function', () => userPrivileges(env, inside));
  }
  return {
    ...rowRoute(env, state, [inside, rest[0]], request, references),
    template: [API_ROOT, `${entitySet}({id})`, ...rest].join('/'),
    key: inside,
  };
}

function setRoute(
  env: Environment,
  state: TableState,
  rest: string[],
  request: Incoming,
  references: References,
): Route {
  const template = [API_ROOT, state.table.entitySet, ...rest].join('/');
  const route = (call: string, apply: () => Reply): Route => ({
    call,
    template,
    key: null,
    apply,
  });
  const [segment] = rest;
  const read = (apply: () => Reply) => (): Reply => {
    requirePrivilege(env, state, 'read');
    return apply();
  };
  if (segment === '$count') {
    const since = (token: string): number => changesSince(env, state, token);
    return route(
      'count',
      read(() => readCount(env, state, request, since)),
    );
  }
  if (segment !== undefined) {
    if (isMultipleAction(segment) && request.method === 'POST') {
      return route('action', () => multipleAction(env, state, segment, request));
    }
    return route('lost', () => {
      throw noSegment(segment);
    });
  }
  switch (request.method) {
    case 'GET':
      return route(
        isDelta(request) ? 'delta' : 'list',
        read(() => readList(env, state, request)),
      );
    case 'POST':
      return route('create', () => createRow(env, state, request, references));
    default:
      return route('lost', () => {
        throw methodRefused(request.method);
      });
  }
}

function rowRoute(
  env: Environment,
  state: TableState,
  [inside, property]: [string, string | undefined],
  request: Incoming,
  references: References,
): Pick<Route, 'call' | 'apply'> {
  if (property !== undefined) {
    const beyond = referring(env.db, state.table.logicalName, property);
    if (beyond !== null && request.method === 'GET') {
      return {
        call: 'list',
        apply: () => {
          requirePrivilege(env, beyond.state, 'read');
          const condition = `${beyond.property} eq ${inside}`;
          return readList(env, beyond.state, narrowed(request, condition));
        },
      };
    }
    return {
      call: request.method === 'GET' ? 'get' : 'update',
      apply: () => oneProperty(env, state, [inside, property], request),
    };
  }
  switch (request.method) {
    case 'GET':
      return {
        call: 'get',
        apply: () => {
          requirePrivilege(env, state, 'read');
          return readRow(env, state, inside, request);
        },
      };
    case 'PATCH':
      return {
        call: 'upsert',
        apply: () => upsertRow(env, state, inside, request, references),
      };
    case 'DELETE':
      return { call: 'delete', apply: () => deleteRow(env, state, inside, request) };
    default:
      return {
        call: 'lost',
        apply: () => {
          throw methodRefused(request.method);
        },
      };
  }
}

function methodRefused(method: string): DataverseRefusal {
  return new DataverseRefusal(
    405,
    '0x80060888',
    `The requested resource does not support http method '${method}'.`,
  );
}

function isDelta(request: Incoming): boolean {
  return /(?:^|&)(?:\$|%24)deltatoken=|istracking(?:=|%3D)(?:"|%22)True/i.test(request.query);
}

/** The decoded segments behind the API's root. */
function segmentsOf(path: string): string[] {
  const parts = path.slice(API_ROOT.length).split('/');
  try {
    return parts.filter((part) => part !== '').map(decodeURIComponent);
  } catch {
    throw new DataverseRefusal(400, '0x80060888', 'The request URI is not valid.');
  }
}
