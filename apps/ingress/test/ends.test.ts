import { expect, test } from '@jest/globals';
import { CampaignUnreachable } from '@landbridge/campaign';
import { DynamicsUnreachable } from '@landbridge/dynamics';
import { endOf } from '../src/ends.ts';

const REQUEST = { method: 'GET', path: '/' };

test('Campaign that does not answer is the destination, and any other system the source', () => {
  expect(endOf(new CampaignUnreachable(REQUEST, 'connect'))).toBe('destination');
  expect(endOf(new DynamicsUnreachable(REQUEST, 'connect'))).toBe('source');
});
