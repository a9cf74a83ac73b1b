import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';

export type Theme = 'light' | 'dark';

const STORED_AS = 'landbridge.theme';
const DARK = '(prefers-color-scheme: dark)';

interface ThemeChoice {
  theme: Theme;
  choose: (theme: Theme) => void;
}

const ThemeContext = createContext<ThemeChoice | null>(null);

/** Follows the system's theme until the person chooses another, which is then remembered. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState<Theme | null>(readStored);
  const [system, setSystem] = useState<Theme>(() => (matchMedia(DARK).matches ? 'dark' : 'light'));
  useEffect(() => {
    const query = matchMedia(DARK);
    const follow = () => setSystem(query.matches ? 'dark' : 'light');
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  const theme = chosen ?? system;
  useEffect(() => {
    document.documentElement.dataset['colorScheme'] = theme;
  }, [theme]);
  const choice = useMemo<ThemeChoice>(
    () => ({
      theme,
      choose(wanted) {
        localStorage.setItem(STORED_AS, wanted);
        setChosen(wanted);
      },
    }),
    [theme],
  );
  return <ThemeContext value={choice}>{children}</ThemeContext>;
}

/** The theme in use, and how to choose another. */
export function useTheme(): ThemeChoice {
  const choice = useContext(ThemeContext);
  if (choice === null) throw new Error('useTheme needs a ThemeProvider above it');
  return choice;
}

function readStored(): Theme | null {
  const stored = localStorage.getItem(STORED_AS);
  return stored === 'light' || stored === 'dark' ? stored : null;
}
