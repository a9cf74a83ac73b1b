import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Timestamp } from '@landbridge/contracts';
import { HttpProblem } from '../problems.ts';
import { refuseBody } from '../request-context.ts';
import type { Access } from './access.ts';
import { principalOf } from './guard.ts';
import { Grants, LOCAL_ADMINISTRATOR, type Principal } from './principal.ts';

const SessionView = z
  .object({
    kind: z.enum(['person', 'token']),
    id: z.string(),
    name: z.string(),
    /** By instance; `*` stands for every one. */
    grants: Grants,
    expiresAt: Timestamp.nullable(),
  })
  .meta({ id: 'Session' });

const viewOf = (principal: Principal): z.infer<typeof SessionView> => ({
  kind: principal.kind,
  id: principal.id,
  name: principal.name,
  grants: principal.grants,
  expiresAt: principal.expiresAt?.toISOString() ?? null,
});

/** `secure`: the browser came over TLS, so the cookie must never go without it. */
const cookieOptions = (secure: boolean) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure }) as const;

/** Gives the browser a session with the rights of `holder` and no others. */
async function signIn(reply: FastifyReply, access: Access, holder: Principal): Promise<Principal> {
  const { cookie, expiresAt } = await access.sessions.issue(holder);
  const secure = reply.request.protocol === 'https';
  void reply.setCookie(access.sessions.cookieName, cookie, {
    ...cookieOptions(secure),
    expires: expiresAt,
  });
  return { ...holder, kind: 'person', expiresAt };
}

/** Signing in by link or by token, asking who is signed in, signing out. */
export const accessRoutes: FastifyPluginAsyncZod<{ access: Access }> = async (app, { access }) => {
  app.get(
    '/sign-in',
    {
      exposeHeadRoute: false,
      config: { access: 'public' },
      schema: { hide: true, querystring: z.strictObject({ code: z.string().max(256) }) },
    },
    async (request, reply) => {
      if (!access.redeemSignInCode(request.query.code)) {
        throw new HttpProblem({
          kind: 'not-authenticated',
          detail:
            'This sign-in link was used already, or has ended. Every start of the control plane prints a new one.',
        });
      }
      await signIn(reply, access, { ...LOCAL_ADMINISTRATOR, kind: 'person', expiresAt: null });
      return reply.header('cache-control', 'no-store').redirect('/', 303);
    },
  );

  app.get(
    '/api/v1/session',
    {
      schema: { summary: 'Who is signed in', tags: ['access'], response: { 200: SessionView } },
    },
    async (request) => viewOf(principalOf(request)),
  );

  app.post(
    '/api/v1/session',
    {
      schema: {
        summary: 'Sign a browser in by bearer token; answers with the session cookie',
        tags: ['access'],
        response: { 201: SessionView },
      },
    },
    async (request, reply) => {
      refuseBody(request);
      const holder = principalOf(request);
      if (holder.kind !== 'token') {
        throw new HttpProblem({
          kind: 'not-permitted',
          detail: 'A session is made by a bearer token, not by another session.',
        });
      }
      return reply.code(201).send(viewOf(await signIn(reply, access, holder)));
    },
  );

  app.delete(
    '/api/v1/session',
    {
      schema: {
        summary: 'Sign out: the browser forgets its session',
        tags: ['access'],
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      refuseBody(request);
      void reply.clearCookie(
        access.sessions.cookieName,
        cookieOptions(request.protocol === 'https'),
      );
      return reply.code(204).send();
    },
  );
};
