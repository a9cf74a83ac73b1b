import { useEffect } from 'react';
import { useSay } from '../locale/locale.tsx';

/** Names the page in the browser's tab. */
export function usePageTitle(page: string): void {
  const say = useSay();
  useEffect(() => {
    document.title = say('document.title', { page });
  }, [page, say]);
}
