import { useMemo } from 'react';
import { useIntl } from 'react-intl';
import { isSameDay } from './same-day.ts';

/** Writes a time in the reader's zone: today's by the clock alone, others with their day. */
export function useMoment(): (at: string) => string {
  const intl = useIntl();
  return useMemo(
    () => (at) => {
      const date = new Date(at);
      return isSameDay(date, new Date())
        ? intl.formatTime(date)
        : intl.formatDate(date, { dateStyle: 'medium', timeStyle: 'short' });
    },
    [intl],
  );
}
