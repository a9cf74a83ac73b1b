import {
  createRootRoute,
  createRoute,
  createRouter,
  type NotFoundRouteProps,
} from '@tanstack/react-router';
import { EgressPage } from './egress/egress-page.tsx';
import { Frame } from './frame/frame.tsx';
import { HomePage } from './frame/home-page.tsx';
import { ErrorNotice, NotFoundNotice } from './frame/notices.tsx';
import { MappingPage } from './mappings/mapping-page.tsx';
import { OptinPage } from './optin/optin-page.tsx';
import { WorkflowsPage } from './workflows/workflows-page.tsx';

const rootRoute = createRootRoute({
  component: Frame,
  notFoundComponent: (_props: NotFoundRouteProps) => <NotFoundNotice />,
  errorComponent: ({ error, reset }) => <ErrorNotice error={error} onRetry={reset} />,
});

const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: HomePage });

const workflowsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/instances/$instance/workflows',
  component: function Workflows() {
    const { instance } = workflowsRoute.useParams();
    return <WorkflowsPage key={instance} instance={instance} />;
  },
});

const mappingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/instances/$instance/workflows/ingress/mappings/$table',
  component: function Mapping() {
    const { instance, table } = mappingRoute.useParams();
    return <MappingPage key={`${instance}/${table}`} instance={instance} table={table} />;
  },
});

const egressRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/instances/$instance/workflows/egress',
  component: function Egress() {
    const { instance } = egressRoute.useParams();
    return <EgressPage key={instance} instance={instance} />;
  },
});

const optinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/instances/$instance/workflows/optin',
  component: function Optin() {
    const { instance } = optinRoute.useParams();
    return <OptinPage key={instance} instance={instance} />;
  },
});

/** Every address of the console. */
export function createConsoleRouter() {
  return createRouter({
    routeTree: rootRoute.addChildren([
      homeRoute,
      workflowsRoute,
      mappingRoute,
      egressRoute,
      optinRoute,
    ]),
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
