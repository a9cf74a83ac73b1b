import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addressOf,
  collectionOf,
  keySegmentOf,
  pathOfLink,
  tokenEndpointOf,
} from '../src/address.ts';
import { CampaignRequestError, ForeignLinkRefused } from '../src/errors.ts';

const ACME = 'https://mc.adobe.io/acme';
const PROFILE = { resource: 'profile', endpoint: 'profileAndServicesExt' } as const;

test.each([ACME, `${ACME}/`, `${ACME}//`, `${ACME}/campaign`, `${ACME}/campaign/`])(
  '%s answers under /acme/campaign/',
  (url) => {
    expect(addressOf(url)).toEqual({ origin: 'https://mc.adobe.io', apiPath: '/acme/campaign/' });
  },
);

test.each([
  [undefined, 'https://ims-na1.adobelogin.com', '/ims/token/v3'],
  ['http://127.0.0.1:81', 'http://127.0.0.1:81', '/ims/token/v3'],
  ['http://127.0.0.1:81/x/', 'http://127.0.0.1:81', '/x/ims/token/v3'],
  ['https://ims.example/ims/token/v3', 'https://ims.example', '/ims/token/v3'],
])('IMS at %s', (url, origin, path) => {
  expect(tokenEndpointOf(url)).toEqual({ origin, path });
});

test('a link is followed as it came', () => {
  const path = '/acme/campaign/profileAndServicesExt/profile?_lineCount=2&_lineStart=@aB%2b_c=';
  expect(pathOfLink(`https://mc.adobe.io${path}`, addressOf(ACME))).toBe(path);
});

test.each([
  'https://evil.example/acme',
  'http://mc.adobe.io/acme',
  'https://mc.adobe.io@evil.example/',
  '//evil.example/',
  'https://',
])('%s is refused', (link) => {
  expect(() => pathOfLink(link, addressOf(ACME))).toThrow(ForeignLinkRefused);
});

test('a key is one path segment, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => {
      fc.pre(!key.startsWith('@') && key !== '.' && key !== '..');
      const segment = keySegmentOf('GET', PROFILE, key);
      expect(segment).toMatch(/^[\w\-.!~*'()%]+$/);
      expect(decodeURIComponent(segment)).toBe(key);
    }),
  );
});

test("O'Brien & Söhne/Nord? is a key", () => {
  expect(keySegmentOf('GET', PROFILE, "O'Brien & Söhne/Nord?")).toBe(
    "O'Brien%20%26%20S%C3%B6hne%2FNord%3F",
  );
});

test.each(['', '@aPKey', '.', '..', 'half \ud800 character'])(
  'the key "%s" would address something else and is refused unsent',
  (key) => {
    try {
      keySegmentOf('PATCH', PROFILE, key);
      throw new Error('It was not refused');
    } catch (error) {
      expect(error).toBeInstanceOf(CampaignRequestError);
      expect(error).toMatchObject({
        kind: 'rejected',
        status: 0,
        message: 'PATCH profileAndServicesExt/profile/{key} was not sent (keyNotAddressable)',
      });
    }
  },
);

test('the endpoint is part of where a resource is', () => {
  expect(collectionOf({ resource: 'cusX', endpoint: 'customResources' })).toBe(
    'customResources/cusX',
  );
});
