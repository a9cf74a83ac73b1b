import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { text, type Incoming, type Reply } from '../http/exchange.ts';
import type { Database } from './database.ts';
import { badSyntax } from './dataverse-errors.ts';
import type { Environment } from './environment.ts';
import type { References } from './payload.ts';
import { preferencesOf } from './query-options.ts';

/** In a changeset, whatever the limit of the whole batch. */
const REQUESTS_MAX = 1_000;

/** One request inside a batch: already written like any other. */
type Part = { contentId: string | null; request: Incoming };
type Item = { kind: 'single'; part: Part } | { kind: 'changeset'; parts: Part[] };

/** Applies one inner request; `DataverseRefusal`s come back as replies. */
export type Apply = (request: Incoming, references: References) => Reply;

/**
 * `POST $batch`: parts one after another, changesets all or nothing, stopping at the first failure
 * unless the client prefers to go on.
 * Throws  DataverseRefusal for a batch that cannot be read.
 */
export function runBatch(
  { db, switches }: Pick<Environment, 'db' | 'switches'>,
  request: Incoming,
  apply: Apply,
): Reply {
  const items = itemsOf(request, switches.batchRequestsMax);
  const goOn = preferencesOf(request).continueOnError;
  const boundary = `batchresponse_${randomUUID()}`;
  const answers: string[] = [];
  let status = 200;
  for (const item of items) {
    const answer = item.kind === 'single' ? runSingle(item.part, apply) : runSet(db, item, apply);
    answers.push(`--${boundary}\r\n${answer.body}`);
    if (answer.status < 400 || goOn) continue;
    status = answer.status;
    break;
  }
  const body = `${answers.join('')}--${boundary}--\r\n`;
  return {
    ...text(status, body, `multipart/mixed; boundary=${boundary}`),
    records: items.length,
  };
}

type Answer = { status: number; body: string };

function runSingle(part: Part, apply: Apply): Answer {
  const reply = apply(part.request, new Map());
  return { status: reply.status, body: partOf(reply, null) };
}

class SetFailed extends Error {
  override readonly name = 'SetFailed';
  readonly reply: Reply;
  constructor(reply: Reply) {
    super('a part of the changeset failed');
    this.reply = reply;
  }
}

function runSet(db: Database, { parts }: { parts: Part[] }, apply: Apply): Answer {
  const boundary = `changesetresponse_${randomUUID()}`;
  try {
    const answers = db.atomically(() => {
      const references: References = new Map();
      return parts.map((part) => {
        const request = dereferenced(part.request, references);
        const reply = apply(request, references);
        if (reply.status >= 400) throw new SetFailed(reply);
        const address = reply.headers?.['odata-entityid'];
        if (address !== undefined && part.contentId !== null) {
          references.set(`$${part.contentId}`, address);
        }
        return partOf(reply, part.contentId);
      });
    });
    const inner = answers.map((answer) => `--${boundary}\r\n${answer}`).join('');
    return {
      status: 200,
      body: `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${inner}--${boundary}--\r\n`,
    };
  } catch (error) {
    if (!(error instanceof SetFailed)) throw error;
    return { status: error.reply.status, body: partOf(error.reply, null) };
  }
}

/** `PATCH $1` addresses what part 1 made. */
function dereferenced(request: Incoming, references: References): Incoming {
  const match = /(?:^|\/)(\$\d+)(.*)$/.exec(request.path);
  const address = match?.[1] === undefined ? undefined : references.get(match[1]);
  if (address === undefined) return request;
  return { ...request, path: `${new URL(address).pathname}${match?.[2] ?? ''}` };
}

const REASONS: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  412: 'Precondition Failed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

function partOf(reply: Reply, contentId: string | null): string {
  const lines = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary'];
  if (contentId !== null) lines.push(`Content-ID: ${contentId}`);
  lines.push('', `HTTP/1.1 ${reply.status} ${REASONS[reply.status] ?? 'Unknown'}`);
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    lines.push(`${HEADER_NAMES[name] ?? name}: ${value}`);
  }
  if (reply.status >= 400) lines.push(`REQ_ID: ${randomUUID()}`);
  lines.push('OData-Version: 4.0', '', reply.body ?? '', '');
  return lines.join('\r\n');
}

const HEADER_NAMES: Record<string, string> = {
  'content-type': 'Content-Type',
  'odata-entityid': 'OData-EntityId',
  location: 'Location',
  'preference-applied': 'Preference-Applied',
};

function itemsOf(request: Incoming, requestsMax: number): Item[] {
  const boundary = boundaryOf(request.headers['content-type']);
  if (boundary === null) {
    throw badSyntax('The batch request has no multipart/mixed boundary.', '0x80048d19');
  }
  const items = sections(request.body, boundary).map((section): Item => {
    const inner = boundaryOf(section.headers['content-type']);
    if (inner === null) return { kind: 'single', part: partFrom(section, request, false) };
    const parts = sections(section.body, inner).map((one) => partFrom(one, request, true));
    return { kind: 'changeset', parts };
  });
  const inSets = items.map((item) => (item.kind === 'changeset' ? item.parts.length : 1));
  if (inSets.some((count) => count > REQUESTS_MAX)) {
    throw badSyntax(
      `The current change set contains too many operations. A maximum number of '${REQUESTS_MAX}' operations are allowed in a change set.`,
      '0x80060888',
    );
  }
  if (inSets.reduce((sum, count) => sum + count, 0) > requestsMax) {
    throw badSyntax(
      `The current batch message contains too many parts. Only batch messages with a maximum number of '${requestsMax}' query operations, including changeset operations, are allowed.`,
      '0x80060888',
    );
  }
  return items;
}

function boundaryOf(contentType: string | undefined): string | null {
  const match = /^multipart\/mixed;\s*boundary="?([^";]+)"?/i.exec(contentType ?? '');
  return match?.[1] ?? null;
}

type Section = { headers: IncomingHttpHeaders; body: string };

/** The sections between boundary lines, whatever the line ends. */
function sections(body: string, boundary: string): Section[] {
  const found: Section[] = [];
  const lines = body.split(/\r?\n/);
  let open: string[] | null = null;
  for (const line of lines) {
    const isEnd = line.trim() === `--${boundary}--`;
    if (line.trim() !== `--${boundary}` && !isEnd) {
      open?.push(line);
      continue;
    }
    if (open !== null) found.push(headed(open));
    open = isEnd ? null : [];
  }
  if (open !== null) throw badSyntax('The batch request ends before its boundary.', '0x80048d19');
  return found;
}

/** Header lines up to the first empty line, and what follows. */
function headed(lines: string[]): Section {
  const headers: IncomingHttpHeaders = {};
  let at = 0;
  while (at < lines.length && lines[at] === '') at++;
  for (; at < lines.length && lines[at] !== ''; at++) {
    const [name = '', value = ''] = (lines[at] ?? '').split(/:(.*)/s);
    headers[name.trim().toLowerCase()] = value.trim();
  }
  return { headers, body: lines.slice(at + 1).join('\r\n') };
}

function partFrom(section: Section, outer: Incoming, inSet: boolean): Part {
  const contentId = section.headers['content-id'];
  if (inSet && contentId === undefined) {
    throw badSyntax(
      'Content-ID header not present. It is required for all operations in a ChangeSet.',
      '0x80060888',
    );
  }
  const lines = section.body.split('\r\n');
  while (lines[0] === '') lines.shift();
  const [method = '', target = ''] = (lines.shift() ?? '').split(' ');
  if (inSet && method === 'GET') {
    throw badSyntax('A GET request is not allowed inside a ChangeSet.', '0x80060888');
  }
  const { headers, body } = headed(lines);
  const length = headers['content-length'];
  const sent = body.replace(/(\r\n)+$/, '');
  if (length !== undefined && Number(length) !== Buffer.byteLength(sent)) {
    throw badSyntax('Stream was not readable.', '0x80048d19');
  }
  const path = target.replace(/^https?:\/\/[^/]+/, '');
  const mark = path.indexOf('?');
  const request: Incoming = {
    method,
    path: mark < 0 ? path : path.slice(0, mark),
    query: mark < 0 ? '' : path.slice(mark + 1),
    headers: { ...headers, authorization: outer.headers.authorization },
    body: sent,
    bodyBytes: sent.length,
    inFlight: outer.inFlight,
  };
  return { contentId: contentId === undefined ? null : String(contentId), request };
}
