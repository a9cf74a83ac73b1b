import { ForeignLinkRefused } from '../errors.ts';

/** The target of `rel="next"` in a Link header, as it came; null: there is none. */
export function nextLinkIn(header: string | null): string | null {
  for (const [, target, parameters] of (header ?? '').matchAll(/<([^>]*)>((?:\s*;[^,;]*)*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters ?? '');
    const names = (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/);
    if (target !== undefined && names.includes('next')) return target;
  }
  return null;
}

/**
 * A journal's URL from a link or a stored cursor, which may be relative to the host.
 * Throws  ForeignLinkRefused for another host than the journal's own.
 */
export function journalUrlOf(link: string, journal: URL): URL {
  const target = URL.canParse(link, journal.origin) ? new URL(link, journal.origin) : null;
  if (target?.origin !== journal.origin) {
    throw new ForeignLinkRefused(target?.host ?? 'no readable host');
  }
  return target;
}

/** `url` with one query parameter set, everything else of it as it was. */
export function withParameter(url: URL, name: string, value: string): URL {
  const set = new URL(url);
  set.searchParams.set(name, value);
  return set;
}
