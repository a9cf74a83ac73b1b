import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, pathOfLink, tokenEndpointOf } from '../src/address.ts';
import { ForeignLinkRefused } from '../src/errors.ts';

const ORG = 'https://contoso.crm.dynamics.com';

test.each([
  [ORG, '/api/data/v9.2/'],
  [`${ORG}/`, '/api/data/v9.2/'],
  [`${ORG}//`, '/api/data/v9.2/'],
  [`${ORG}/api/data/v9.2`, '/api/data/v9.2/'],
  [`${ORG}/api/data/v9.1/`, '/api/data/v9.2/'],
  [`${ORG}/api/data`, '/api/data/v9.2/'],
  [`${ORG}/folder/`, '/folder/api/data/v9.2/'],
])('%s answers under %s', (url, apiPath) => {
  expect(addressOf(url)).toEqual({ origin: ORG, apiPath, scope: `${ORG}/.default` });
});

test('the token endpoint is the public one unless an authority stands in', () => {
  expect(tokenEndpointOf('t1')).toEqual({
    origin: 'https://login.microsoftonline.com',
    path: '/t1/oauth2/v2.0/token',
  });
  expect(tokenEndpointOf('a b', 'http://127.0.0.1:81/x/')).toEqual({
    origin: 'http://127.0.0.1:81',
    path: '/x/a%20b/oauth2/v2.0/token',
  });
});

test('a link is followed as it came, escapes and all', () => {
  const path =
    '/api/data/v9.2/contacts?$select=a,b&$skiptoken=%3Ccookie%20pagenumber=%222%22%20/%3E' +
    "&$deltatoken=919042%2108%2f22%2f2024%2008%3a10%3a44&x='y'";
  expect(pathOfLink(`${ORG}${path}`, addressOf(ORG))).toBe(path);
  expect(pathOfLink(`${ORG}:443${path}`, addressOf(ORG))).toBe(path);
  expect(pathOfLink('contacts?$skiptoken=1', addressOf(ORG))).toBe(
    '/api/data/v9.2/contacts?$skiptoken=1',
  );
  expect(pathOfLink(`${ORG}/a?b=c dé`, addressOf(ORG))).toBe('/a?b=c%20d%C3%A9');
});

test.each([
  'https://evil.example/api/data/v9.2/contacts',
  'http://contoso.crm.dynamics.com/api/data/v9.2/contacts',
  'https://contoso.crm.dynamics.com:8443/x',
  'https://contoso.crm.dynamics.com@evil.example/x',
  'https://contoso.crm.dynamics.com.evil.example/x',
  '//evil.example/x',
  'https:\\\\evil.example/x',
  'javascript:alert(1)',
  'https://',
])('%s is refused', (link) => {
  expect(() => pathOfLink(link, addressOf(ORG))).toThrow(ForeignLinkRefused);
});

test('whatever a link says, it is refused or stays a path', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string({ unit: 'binary' }).map((s) => ORG + s),
      ),
      (link) => {
        try {
          expect(pathOfLink(link, addressOf(ORG))).toMatch(/^\/[\u0021-\u007e]*$/);
        } catch (error) {
          expect(error).toBeInstanceOf(ForeignLinkRefused);
        }
      },
    ),
  );
});
