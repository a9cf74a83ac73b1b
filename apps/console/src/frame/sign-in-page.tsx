import { Button } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useSay } from '../locale/locale.tsx';
import { Brand } from './brand.tsx';
import { LanguageMenu, ThemeButton } from './preferences.tsx';
import { usePageTitle } from './use-page-title.ts';

const room = style({
  display: 'flex',
  flexDirection: 'column',
  alignItems: 'center',
  justifyContent: 'center',
  flexGrow: 1,
  padding: 16,
});
const card = style({
  display: 'flex',
  flexDirection: 'column',
  alignItems: 'start',
  gap: 20,
  width: 'full',
  maxWidth: 480,
  boxSizing: 'border-box',
  padding: { default: 24, sm: 40 },
  borderRadius: 'xl',
  backgroundColor: 'elevated',
  boxShadow: 'elevated',
});
const title = style({ font: 'heading-lg', margin: 0 });
const text = style({ font: 'body', margin: 0 });
const corner = style({ display: 'flex', justifyContent: 'end', gap: 4, padding: 12 });

/** Where nobody is signed in: how one does. */
export function SignInPage({ onRetry }: { onRetry: () => void }) {
  const say = useSay();
  usePageTitle(say('signIn.title'));
  return (
    <>
      <div className={corner}>
        <LanguageMenu />
        <ThemeButton />
      </div>
      <main className={room}>
        <div className={card}>
          <Brand />
          <h1 className={title}>{say('signIn.title')}</h1>
          <p className={text}>{say('signIn.how')}</p>
          <Button variant="accent" onPress={onRetry}>
            {say('signIn.retry')}
          </Button>
        </div>
      </main>
    </>
  );
}
