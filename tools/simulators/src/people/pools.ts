import { type Faker } from '@faker-js/faker';
import { faker as ar } from '@faker-js/faker/locale/ar';
import { faker as cs } from '@faker-js/faker/locale/cs_CZ';
import { faker as de } from '@faker-js/faker/locale/de';
import { faker as el } from '@faker-js/faker/locale/el';
import { faker as en } from '@faker-js/faker/locale/en';
import { faker as es } from '@faker-js/faker/locale/es';
import { faker as fa } from '@faker-js/faker/locale/fa';
import { faker as fr } from '@faker-js/faker/locale/fr';
import { faker as he } from '@faker-js/faker/locale/he';
import { faker as it } from '@faker-js/faker/locale/it';
import { faker as ja } from '@faker-js/faker/locale/ja';
import { faker as ka } from '@faker-js/faker/locale/ka_GE';
import { faker as ko } from '@faker-js/faker/locale/ko';
import { faker as pl } from '@faker-js/faker/locale/pl';
import { faker as pt } from '@faker-js/faker/locale/pt_BR';
import { faker as ru } from '@faker-js/faker/locale/ru';
import { faker as sv } from '@faker-js/faker/locale/sv';
import { faker as th } from '@faker-js/faker/locale/th';
import { faker as tr } from '@faker-js/faker/locale/tr';
import { faker as uk } from '@faker-js/faker/locale/uk';
import { faker as vi } from '@faker-js/faker/locale/vi';
import { faker as zhCn } from '@faker-js/faker/locale/zh_CN';
import { faker as zhTw } from '@faker-js/faker/locale/zh_TW';

/** Names and places of one locale, drawn once; people are put together from them. */
export type Pool = {
  locale: string;
  country: string;
  dialling: string;
  female: string[];
  male: string[];
  last: string[];
  cities: string[];
  streets: string[];
  jobs: string[];
  companies: string[];
};

const LOCALES: [string, Faker, string, string][] = [
  ['en', en, 'United States', '+1'],
  ['de', de, 'Deutschland', '+49'],
  ['zh_TW', zhTw, '臺灣', '+886'],
  ['fr', fr, 'France', '+33'],
  ['ar', ar, 'مصر', '+20'],
  ['ja', ja, '日本', '+81'],
  ['es', es, 'España', '+34'],
  ['ru', ru, 'Россия', '+7'],
  ['pt_BR', pt, 'Brasil', '+55'],
  ['ko', ko, '대한민국', '+82'],
  ['it', it, 'Italia', '+39'],
  ['el', el, 'Ελλάδα', '+30'],
  ['pl', pl, 'Polska', '+48'],
  ['he', he, 'ישראל', '+972'],
  ['tr', tr, 'Türkiye', '+90'],
  ['th', th, 'ไทย', '+66'],
  ['uk', uk, 'Україна', '+380'],
  ['zh_CN', zhCn, '中国', '+86'],
  ['vi', vi, 'Việt Nam', '+84'],
  ['fa', fa, 'ایران', '+98'],
  ['sv', sv, 'Sverige', '+46'],
  ['cs', cs, 'Česko', '+420'],
  ['ka', ka, 'საქართველო', '+995'],
];

const EACH = 80;

/** One pool for each locale, the same for the same seed. Texts fit both systems' columns. */
export function drawPools(seed: number): Pool[] {
  return LOCALES.map(([locale, faker, country, dialling], index) => {
    faker.seed(seed * 1_000 + index);
    const draw = (one: () => string, lengthMax: number): string[] =>
      Array.from({ length: EACH }, () => fitting(one, lengthMax));
    return {
      locale,
      country,
      dialling,
      female: draw(() => faker.person.firstName('female'), 30),
      male: draw(() => faker.person.firstName('male'), 30),
      last: draw(() => faker.person.lastName(), 48),
      cities: draw(() => faker.location.city(), 48),
      streets: draw(() => faker.location.street(), 70),
      jobs: draw(() => faker.person.jobTitle(), 100),
      companies: draw(() => faker.company.name(), 50),
    };
  });
}

function fitting(one: () => string, lengthMax: number): string {
  const value = one();
  return Array.from(value).slice(0, lengthMax).join('').trim();
}
