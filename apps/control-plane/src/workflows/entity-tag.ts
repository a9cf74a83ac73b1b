import { Revision } from '@landbridge/contracts';
import { InvalidRequest } from '../invalid-request.ts';
import { HttpProblem } from '../problems.ts';

/** The ETag of a saved configuration: its revision, as a strong validator. */
export const entityTagOf = (revision: Revision): string => `"${revision}"`;

/** What an If-Match header names: every revision, some of them, or nothing readable. */
export type IfMatch =
  { kind: 'any' } | { kind: 'revisions'; revisions: Revision[] } | { kind: 'unreadable' };

const TAG_LIST = /^(W\/)?"[^"]*"(\s*,\s*(W\/)?"[^"]*")*$/;
const REVISION_TAG = /^"(\d{1,15})"$/;

/**
 * Reads an If-Match or If-None-Match header. Weak tags and tags that are no revision name none,
 * so that they never match.
 * Source  RFC 9110, 13.1.1 "If-Match".
 */
export function readIfMatch(header: string): IfMatch {
  const text = header.trim();
  if (text === '*') return { kind: 'any' };
  if (!TAG_LIST.test(text)) return { kind: 'unreadable' };
  const revisions = text.split(',').flatMap((tag) => {
    const digits = REVISION_TAG.exec(tag.trim())?.[1];
    return digits === undefined ? [] : [Revision.parse(Number(digits))];
  });
  return { kind: 'revisions', revisions };
}

/**
 * The revision that the caller edited, which must be the newest.
 * Throws  HttpProblem (no If-Match, or a stale one), InvalidRequest (it is no ETag).
 */
export function expectedRevision(newest: Revision, header: string | undefined): Revision {
  if (header === undefined) {
    throw new HttpProblem({
      kind: 'revision-required',
      detail: `The header If-Match is missing; the newest revision is ${entityTagOf(newest)}.`,
      headers: { etag: entityTagOf(newest) },
    });
  }
  const match = readIfMatch(header);
  if (match.kind === 'unreadable') {
    throw new InvalidRequest('headers', [
      { pointer: '/if-match', message: 'must be an ETag in double quotes, such as "3"' },
    ]);
  }
  if (match.kind === 'any' || match.revisions.includes(newest)) return newest;
  throw new HttpProblem({
    kind: 'stale-revision',
    detail: `Somebody saved in between: the newest revision is ${newest}.`,
    headers: { etag: entityTagOf(newest) },
  });
}

/** Whether an If-None-Match header names the revision. */
export function holdsRevision(header: string | undefined, revision: Revision): boolean {
  if (header === undefined) return false;
  const match = readIfMatch(header.replaceAll('W/', ''));
  return match.kind === 'any' || (match.kind === 'revisions' && match.revisions.includes(revision));
}
