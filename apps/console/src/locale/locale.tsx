import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { IntlProvider, useIntl } from 'react-intl';
import { en } from './en.ts';
import { formatLocaleFor, languageFor, storedLanguage, type Language } from './locale-choice.ts';
import type { MessageId, MessageValues } from './message.ts';
import { zhTw } from './zh-tw.ts';

const STORED_AS = 'landbridge.language';
const CATALOGUES: Readonly<Record<Language, Readonly<Record<MessageId, string>>>> = {
  en,
  'zh-TW': zhTw,
};

interface LanguageChoice {
  language: Language;
  choose: (language: Language) => void;
}

const LanguageContext = createContext<LanguageChoice | null>(null);

/** Follows the browser's language until the person chooses another, which is then remembered. */
export function LocaleProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(
    () => storedLanguage(localStorage.getItem(STORED_AS)) ?? languageFor(navigator.languages),
  );
  const choice = useMemo<LanguageChoice>(
    () => ({
      language,
      choose(chosen) {
        localStorage.setItem(STORED_AS, chosen);
        setLanguage(chosen);
      },
    }),
    [language],
  );
  return (
    <LanguageContext value={choice}>
      <IntlProvider
        locale={formatLocaleFor(language, navigator.languages)}
        defaultLocale="en"
        messages={CATALOGUES[language]}
      >
        {children}
      </IntlProvider>
    </LanguageContext>
  );
}

/** The language in use, and how to choose another. */
export function useLanguage(): LanguageChoice {
  const choice = useContext(LanguageContext);
  if (choice === null) throw new Error('useLanguage needs a LocaleProvider above it');
  return choice;
}

/** Writes a sentence of the catalogue in the language in use. */
export function useSay(): (id: MessageId, values?: MessageValues) => string {
  const intl = useIntl();
  return useMemo(() => (id, values) => intl.formatMessage({ id }, values), [intl]);
}
