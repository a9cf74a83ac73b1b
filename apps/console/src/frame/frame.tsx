import { Provider } from '@react-spectrum/s2';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { statusOf } from '../api/errors.ts';
import { LiveProvider } from '../api/live.tsx';
import { sessionQuery } from '../api/queries.ts';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useLanguage, useSay } from '../locale/locale.tsx';
import { useTheme } from '../theme/theme.tsx';
import { Announcer } from './announcer.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { Header } from './header.tsx';
import { ErrorNotice } from './notices.tsx';
import { SignInPage } from './sign-in-page.tsx';

const page = style({
  minHeight: 'screen',
  display: 'flex',
  flexDirection: 'column',
  font: 'body',
});

const main = style({
  width: 'full',
  maxWidth: 1200,
  marginX: 'auto',
  boxSizing: 'border-box',
  paddingX: { default: 16, sm: 24, lg: 32 },
  paddingY: { default: 20, sm: 32 },
  flexGrow: 1,
  outlineStyle: 'none',
});

/** What is around every page: Spectrum's own provider, the header, and who is signed in. */
export function Frame() {
  const { language } = useLanguage();
  const { theme } = useTheme();
  const navigate = useNavigate();
  return (
    <Provider
      locale={language === 'en' ? 'en-US' : language}
      colorScheme={theme}
      background="base"
      router={{ navigate: (to) => void navigate({ to }) }}
      styles={page}
    >
      <SignedIn />
    </Provider>
  );
}

function SignedIn() {
  const session = useQuery(sessionQuery);
  const say = useSay();
  if (statusOf(session.error) === 401) return <SignInPage onRetry={() => void session.refetch()} />;
  if (session.data === undefined) {
    return session.error === null ? null : (
      <main className={main}>
        <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  return (
    <LiveProvider>
      <a className="skip-link" href="#content">
        {say('skip.toContent')}
      </a>
      <Header session={session.data} />
      <ConnectionBanner />
      <main id="content" className={main} tabIndex={-1}>
        <Outlet />
      </main>
      <Announcer />
    </LiveProvider>
  );
}
