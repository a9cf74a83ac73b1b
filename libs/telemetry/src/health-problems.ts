import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What routes that are read are asked with. */
const ALLOW = 'GET, HEAD';

/** Refusals in the house's form (RFC 9457), where a service has no API of its own. */
export function answerProblems(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    if (app.hasRoute({ method: 'GET', url: path })) {
      const detail = `${path} knows ${ALLOW}, not ${request.method}.`;
      void reply.header('allow', ALLOW);
      return send(reply, 405, { type: '/problems/method-not-allowed', detail });
    }
    return send(reply, 404, { type: '/problems/no-such-route', detail: `There is no ${path}.` });
  });
  app.setErrorHandler(answerError);
}

/** Also of requests that reach no route, such as one whose path cannot be read. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const status = error.statusCode ?? 500;
  const detail =
    status < 500
      ? `${request.method} ${pathOf(request)} cannot be accepted as it is.`
      : 'Something went wrong here.';
  return send(reply, status, { type: 'about:blank', detail });
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? url;

const TITLES: Readonly<Record<number, string>> = {
  404: 'There is no such route',
  405: 'The route does not know this method',
};

function send(reply: FastifyReply, status: number, told: { type: string; detail: string }) {
  const title = TITLES[status] ?? STATUS_CODES[status] ?? 'Error';
  const { type, detail } = told;
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify({ type, title, status, detail })));
}
