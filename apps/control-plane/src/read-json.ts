import { MIMEType } from 'node:util';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem } from './problems.ts';

const UTF_8: ReadonlySet<string> = new Set(['utf-8', 'utf8']);

const unsupported = (detail: string, headers: Record<string, string>): HttpProblem =>
  new HttpProblem({ kind: 'unsupported-media-type', detail, headers });

/** The body as text, or why it cannot be read as it was sent. */
function textOf({ headers }: FastifyRequest, body: Buffer): string | HttpProblem {
  const charset = new MIMEType(headers['content-type'] ?? 'application/json').params.get('charset');
  if (charset !== null && !UTF_8.has(charset.toLowerCase())) {
    const detail = `The body must be sent in UTF-8, not in ${charset}.`;
    return unsupported(detail, { accept: 'application/json' });
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    const detail = 'The body must be sent as it is, without Content-Encoding.';
    return unsupported(detail, { 'accept-encoding': 'identity' });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    const refusal = { kind: 'unreadable-body', detail: 'The body is not in UTF-8.' } as const;
    return new HttpProblem(refusal, { cause });
  }
}

/**
 * From here on `app` reads JSON in UTF-8 and nothing else; an empty body is no body, whatever its
 * type is said to be. A byte that is not UTF-8 is refused, for it would be saved as another.
 */
export function readJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  const options = { parseAs: 'buffer' } as const;
  app.addContentTypeParser<Buffer>('application/json', options, (request, body, done) => {
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    const text = textOf(request, body);
    if (text instanceof HttpProblem) done(text);
    else void parse(request, text, done);
  });
}
