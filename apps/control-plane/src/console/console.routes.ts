import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem, sendProblem, wantsPage, type Refusal } from '../problems.ts';

/** Vite puts a hash of the content into these names: what they hold never changes. */
const HASHED = '/assets/';
const FOREVER = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'no-cache';

const NOT_BUILT: Refusal = {
  kind: 'console-not-built',
  detail: 'The API works, but the files of the console are not there. Build it and start again.',
};

/** Answers a request that no route took; false: it is not a browser's for a page. */
export type SendConsolePage = (request: FastifyRequest, reply: FastifyReply) => boolean;

const isAbsent = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

async function readIndex(folder: string | null): Promise<string | null> {
  if (folder === null) return null;
  try {
    return await readFile(join(folder, 'index.html'), 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

const sendPage = (reply: FastifyReply, page: string): FastifyReply =>
  reply.type('text/html; charset=utf-8').header('cache-control', ASK_AGAIN).send(page);

async function serveFiles(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
      route.schema = { ...route.schema, hide: true };
    });
    await scope.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      decorateReply: false,
      cacheControl: false,
      setHeaders: (response, path) => {
        void response.header('cache-control', path.includes(HASHED) ? FOREVER : ASK_AGAIN);
      },
    });
  });
}

/** Serves the built console from `folder`. Its pages are routed in the browser. */
export async function serveConsole(
  app: FastifyInstance,
  folder: string | null,
): Promise<SendConsolePage> {
  const index = await readIndex(folder);
  if (folder !== null && index !== null) await serveFiles(app, folder);
  app.get(
    '/',
    { config: { access: 'public' }, schema: { hide: true } },
    async (_request, reply) => {
      if (index === null) throw new HttpProblem(NOT_BUILT);
      return sendPage(reply, index);
    },
  );
  return (request, reply) => {
    if (!wantsPage(request)) return false;
    void (index === null ? sendProblem(request, reply, NOT_BUILT) : sendPage(reply, index));
    return true;
  };
}
