import { expect, test } from '@jest/globals';
import { CampaignUnreachable } from '@landbridge/campaign';
import { DynamicsUnreachable } from '@landbridge/dynamics';
import { SftpUnreachable } from '@landbridge/sftp';
import { endOf } from '../src/ends.ts';

const REQUEST = { method: 'GET', path: '/' };

test('Dynamics 365 that does not answer is the destination, and any other system the source', () => {
  expect(endOf(new CampaignUnreachable(REQUEST, 'connect'))).toBe('source');
  expect(endOf(new SftpUnreachable('list', 'connect'))).toBe('source');
  expect(endOf(new DynamicsUnreachable(REQUEST, 'connect'))).toBe('destination');
});
