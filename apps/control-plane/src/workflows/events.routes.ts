import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { principalOf, requireRole } from '../access/guard.ts';
import { permits } from '../access/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { eventStream } from './event-stream.ts';

const LastEventId = z.object({
  'last-event-id': z
    .string()
    .regex(/^\d{1,18}$/, 'must be an id that this stream sent')
    .optional(),
});

/** Written by `eventStream`, which no schema can check; declared for the document. */
const EventStreamText = z.unknown().meta({
  type: 'string',
  description: '`event: workflow`, `id:` a position, `data:` a Workflow as JSON',
});

interface Options {
  controlPlane: ControlPlane;
  heartbeatMs: number;
}

/** Aborts when the session ends: a stream must not outlive the right to read it. */
const whenEnded = (expiresAt: Date | null): AbortSignal[] =>
  expiresAt === null ? [] : [AbortSignal.timeout(Math.max(0, expiresAt.getTime() - Date.now()))];

/** Every change of a workflow, as it happens. */
export const eventsRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  const shutdown = new AbortController();
  app.addHook('preClose', async () => shutdown.abort());

  app.get(
    '/events',
    {
      exposeHeadRoute: false,
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'Server-sent events: every change of a workflow, resumable by Last-Event-ID',
        tags: ['workflows'],
        headers: LastEventId,
        response: {
          200: {
            description:
              'The stream; without Last-Event-ID, or with one beyond the log’s end, it begins with the present state',
            content: { 'text/event-stream': { schema: EventStreamText } },
          },
        },
      },
    },
    (request, reply) => {
      const { grants, expiresAt } = principalOf(request);
      const after = request.headers['last-event-id'];
      const closed = new AbortController();
      reply.raw.once('close', () => closed.abort());
      const signal = AbortSignal.any([shutdown.signal, closed.signal, ...whenEnded(expiresAt)]);
      const changes = options.controlPlane.workflows.watch(
        after === undefined ? null : BigInt(after),
        signal,
      );
      const text = eventStream(changes, {
        signal,
        heartbeatMs: options.heartbeatMs,
        mayRead: ({ view }) => permits(grants, 'viewer', view.instance),
      });
      return reply
        .header('cache-control', 'no-cache, no-transform')
        .header('x-accel-buffering', 'no')
        .type('text/event-stream; charset=utf-8')
        .send(Readable.from(text, { highWaterMark: 1 }));
    },
  );
};
