import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@react-spectrum/s2/page.css';
import './page.css';
import { queryDefaults } from './api/query-defaults.ts';
import { LocaleProvider } from './locale/locale.tsx';
import { createConsoleRouter } from './routes.tsx';
import { ThemeProvider } from './theme/theme.tsx';

/** The page people work in: language, theme, what the server knows, and the routes. */
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root');
const queries = new QueryClient({ defaultOptions: queryDefaults });
createRoot(root).render(
  <StrictMode>
    <LocaleProvider>
      <ThemeProvider>
        <QueryClientProvider client={queries}>
          <RouterProvider router={createConsoleRouter()} />
        </QueryClientProvider>
      </ThemeProvider>
    </LocaleProvider>
  </StrictMode>,
);
