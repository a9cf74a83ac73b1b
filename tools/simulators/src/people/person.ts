import { scatter } from '../control/scatter.ts';
import { drawPools, type Pool } from './pools.ts';

/** A made-up person; every field is a function of seed and index alone. */
export type People = {
  pool: (index: number) => Pool;
  isFemale: (index: number) => boolean;
  firstName: (index: number) => string;
  lastName: (index: number) => string;
  email: (index: number) => string;
  phone: (index: number, salt: number) => string;
  street: (index: number) => string;
  city: (index: number) => string;
  postalCode: (index: number) => string;
  job: (index: number) => string;
  company: (index: number) => string;
  birthDate: (index: number) => string;
};

const DOMAINS = ['example.com', 'example.org', 'example.net', 'mail.example.com'];
const EMOJI = ['🌻', '🚀', '👩‍🔬', '🇹🇼', '🎻', '💚'];
/** Days at the edges of months, years, leap years and of what Dataverse stores. */
const EDGE_DATES = [
  '1900-02-28',
  '2000-02-29',
  '1999-12-31',
  '1970-01-01',
  '1753-01-01',
  '2024-02-29',
];
const DAY_MS = 86_400_000;

/** Everybody whom `seed` makes up, in 23 locales and 13 scripts. */
export function madeUpPeople(seed: number): People {
  const pools = drawPools(seed);
  const first = pools[0];
  if (first === undefined) throw new Error('There is no locale to draw people from');
  const pick = (list: string[], index: number, salt: number): string =>
    list[scatter(seed, index, salt) % list.length] ?? '';
  const pool = (index: number): Pool => pools[scatter(seed, index, 1) % pools.length] ?? first;
  const isFemale = (index: number): boolean => scatter(seed, index, 2) % 2 === 0;
  const firstName = (index: number): string => {
    const name = pick(isFemale(index) ? pool(index).female : pool(index).male, index, 3);
    return index % 211 === 17 ? `${name.slice(0, 20)} ${pick(EMOJI, index, 4)}` : name;
  };
  return {
    pool,
    isFemale,
    firstName,
    lastName: (index) => pick(pool(index).last, index, 5),
    email: (index) => `${pool(index).locale.toLowerCase()}.${index}@${pick(DOMAINS, index, 6)}`,
    phone: (index, salt) =>
      `${pool(index).dialling} ${String(scatter(seed, index, salt) % 1_000_000_000).padStart(9, '0')}`,
    street: (index) =>
      `${pick(pool(index).streets, index, 7)} ${(scatter(seed, index, 8) % 300) + 1}`,
    city: (index) => pick(pool(index).cities, index, 9),
    postalCode: (index) => String(10_000 + (scatter(seed, index, 10) % 89_999)),
    job: (index) => pick(pool(index).jobs, index, 11),
    company: (index) => pick(pool(index).companies, index, 12),
    birthDate: (index) =>
      index % 53 === 29
        ? pick(EDGE_DATES, index, 13)
        : new Date((scatter(seed, index, 14) % 27_000) * DAY_MS - 40 * 365 * DAY_MS)
            .toISOString()
            .slice(0, 10),
  };
}
