import { randomUUID } from 'node:crypto';
import type { HttpReply } from '@landbridge/vendor-http';

/** One creation inside a batch. `path`: behind the host. */
export type BatchPart = { path: string; body: string };

/**
 * A `$batch` of independent parts: no changeset, so that each ends by itself. No inner
 * Content-Length, since a wrong one fails the whole.
 */
export function batchOf(parts: readonly BatchPart[]): { contentType: string; body: string } {
  const boundary = `batch_${randomUUID()}`;
  const lines = parts.flatMap(({ path, body }) => [
    `--${boundary}`,
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    `POST ${path} HTTP/1.1`,
    'Content-Type: application/json; type=entry',
    '',
    body,
  ]);
  return {
    contentType: `multipart/mixed; boundary="${boundary}"`,
    body: [...lines, `--${boundary}--`, ''].join('\r\n'),
  };
}

/** The answers of a batch in the order of its parts; what cannot be read ends the list. */
export function batchAnswers(reply: HttpReply): HttpReply[] {
  const type = reply.header('content-type') ?? '';
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) return [];
  const pieces = `\r\n${reply.text}`.split(new RegExp(`\\r?\\n--${escaped(boundary)}`));
  const answers: HttpReply[] = [];
  for (const piece of pieces.slice(1)) {
    if (piece.startsWith('--')) break;
    const answer = answerOf(piece);
    if (answer === null) break;
    answers.push(answer);
  }
  return answers;
}

function answerOf(piece: string): HttpReply | null {
  const [, status, head = '', text = ''] =
    /HTTP\/1\.\d (\d{3})[^\r\n]*\r?\n([^]*?)(?:\r?\n\r?\n([^]*))?$/.exec(piece) ?? [];
  if (status === undefined) return null;
  const headers = new Map(
    head.split(/\r?\n/).flatMap((line) => {
      const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value]];
    }),
  );
  return {
    status: Number(status),
    header: (name) => headers.get(name.toLowerCase()) ?? null,
    text: text.trim(),
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
