import type { Incoming } from '../http/exchange.ts';
import { badSyntax } from './dataverse-errors.ts';

/** What a request prefers, from one comma-separated Prefer header. */
export type Preferences = {
  pageSize: number | null;
  annotations: string[] | null;
  trackChanges: boolean;
  representation: boolean;
  continueOnError: boolean;
  applied: string[];
};

const PAGE_MAX = 5_000;

export function preferencesOf(request: Pick<Incoming, 'headers'>): Preferences {
  const preferences: Preferences = {
    pageSize: null,
    annotations: null,
    trackChanges: false,
    representation: false,
    continueOnError: false,
    applied: [],
  };
  const header = request.headers['prefer'];
  if (header === undefined) return preferences;
  for (const part of String(header).match(/(?:[^,"]|"[^"]*")+/g) ?? []) {
    const one = part.trim();
    const [name = '', value = ''] = one.split(/=(.*)/s);
    switch (name.trim().toLowerCase()) {
      case 'odata.maxpagesize': {
        const size = Number(value);
        if (!Number.isInteger(size) || size < 1) continue;
        preferences.pageSize = Math.min(size, PAGE_MAX);
        break;
      }
      case 'odata.include-annotations':
        preferences.annotations = value
          .replaceAll('"', '')
          .split(',')
          .map((pattern) => pattern.trim());
        break;
      case 'odata.track-changes':
        preferences.trackChanges = true;
        break;
      case 'return':
        preferences.representation = value === 'representation';
        break;
      case 'odata.continue-on-error':
        preferences.continueOnError = true;
        break;
      default:
        continue;
    }
    preferences.applied.push(one);
  }
  return preferences;
}

/** Whether an annotation was asked for, by its full name, by a prefix with `*`, or by `*`. */
export function wantsAnnotation(preferences: Preferences, name: string): boolean {
  return (preferences.annotations ?? []).some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name,
  );
}

export type QueryOptions = {
  options: Map<string, string>;
  /** Values of `@p1` and the like. */
  aliases: Map<string, string>;
};

const KNOWN = new Set(
  '$select $filter $orderby $top $count $expand $skiptoken $deltatoken $apply'.split(' '),
);

/** Splits a query. Throws  DataverseRefusal for a `$` option that the Web API does not have. */
export function queryOptions(query: string, syntaxCode: string): QueryOptions {
  const options = new Map<string, string>();
  const aliases = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const [rawName = '', rawValue = ''] = part.split(/=(.*)/s);
    const name = decoded(rawName);
    const value = decoded(rawValue);
    if (name.startsWith('@')) aliases.set(name, value);
    if (!name.startsWith('$')) continue;
    if (!KNOWN.has(name)) {
      throw badSyntax(`The query parameter ${name} is not supported`, syntaxCode);
    }
    options.set(name, value);
  }
  return { options, aliases };
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw badSyntax('The request URI is not valid.', '0x80060888');
  }
}

export const MAX_PAGE_SIZE = PAGE_MAX;
