/**
 * Dates as text, without the clock of the machine: `YYYY-MM-DD` for days, milliseconds since 1970
 * in UTC for instants. A day is never passed through a time zone, which is how days shift by one.
 */
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d{2}:\d{2})?$/i;

/** `text` as a real day of the calendar, else null. */
export function parseDay(text: string): string | null {
  const [, year, month, day] = DAY.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const last = lastDayOf(Number(year), Number(month));
  return Number(day) >= 1 && Number(day) <= last ? text : null;
}

/** 0 for a month that does not exist. */
function lastDayOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** An instant; `zoned` is false where the text named no time zone and UTC was assumed. */
export type ParsedInstant = { epochMs: number; zoned: boolean };

/** ISO 8601 with `T` or a space, as Dynamics and Campaign write it; finer than ms is refused. */
export function parseInstant(text: string): ParsedInstant | null {
  const [, day, hour, minute, second = '00', fraction = '', zone] = INSTANT.exec(text) ?? [];
  if (day === undefined || hour === undefined || minute === undefined) return null;
  if (parseDay(day) === null) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  if (/[1-9]/.test(fraction.slice(3))) return null;
  const ms = fraction.slice(0, 3).padEnd(3, '0');
  const offset = zone === undefined ? 'Z' : zone.toUpperCase();
  const epochMs = Date.parse(`${day}T${hour}:${minute}:${second}.${ms}${offset}`);
  return Number.isNaN(epochMs) ? null : { epochMs, zoned: zone !== undefined };
}

/** The form in which Campaign shows and takes date-times: a space, milliseconds and `Z`. */
export function campaignDateTime(epochMs: number): string | null {
  const iso = isoOf(epochMs);
  return iso === null ? null : iso.replace('T', ' ');
}

/** The UTC day of an instant, or null outside the years 1 to 9999. */
export function dayOf(epochMs: number): string | null {
  return isoOf(epochMs)?.slice(0, 10) ?? null;
}

/** Text for a text attribute: without milliseconds where there are none. */
export function isoText(epochMs: number, zone: 'Z' | ''): string | null {
  const iso = isoOf(epochMs);
  return iso === null ? null : iso.replace(/(?:\.000)?Z$/, '').concat(zone);
}

/** Years beyond four digits are not representable on either side. */
function isoOf(epochMs: number): string | null {
  const iso = new Date(epochMs).toISOString();
  return iso.length === 24 ? iso : null;
}
