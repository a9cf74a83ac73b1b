import type { FastifyInstance } from 'fastify';

/** The methods that a path knows, for the Allow header; empty: no route has this path. */
export type MethodsOfPath = (path: string) => string[];

/** The path of a request's URL as it was sent: the router matches it so, and `new URL` would not. */
export const pathOf = (url: string): string => url.split(/[?#]/, 1)[0] ?? '';

const patternOf = (url: string): RegExp => {
  const steps = url.split('/').map((step) => {
    if (step.startsWith(':')) return '[^/]+';
    return step.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${steps.join('/')}$`);
};

/** Writes down every route that `app` gets from here on. */
export function recordRoutes(app: FastifyInstance): MethodsOfPath {
  const known: { pattern: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', (route) => {
    known.push({ pattern: patternOf(route.url), methods: [route.method].flat() });
  });
  return (path) => {
    const methods = known
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((route) => route.methods);
    return [...new Set(methods)].toSorted();
  };
}
