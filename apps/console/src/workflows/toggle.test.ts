import { expect, test } from '@jest/globals';
import { sampleView } from '../../test/sample-view.ts';
import { toggleOf } from './toggle.ts';

const may = { allowed: true, reason: null };
const mayNot = (reason: string) => ({ allowed: false, reason });

test('a stopped workflow offers Start', () => {
  const actions = { start: may, stop: mayNot('It is not running.') };
  expect(toggleOf(sampleView({ actions }))).toEqual({ action: 'start', ...may });
});

test('what cannot be started says why', () => {
  const actions = { start: mayNot('Nothing is configured.'), stop: mayNot('It is not running.') };
  expect(toggleOf(sampleView({ actions }))).toEqual({
    action: 'start',
    allowed: false,
    reason: 'Nothing is configured.',
  });
});

test.each(['STARTING', 'RUNNING'] as const)('%s offers Stop', (status) => {
  const actions = { start: mayNot('It is running already.'), stop: may };
  expect(toggleOf(sampleView({ status, actions }))).toEqual({ action: 'stop', ...may });
});

test('a failed workflow offers Start, and Stop only where it may not be started', () => {
  const failed = { status: 'FAILED' as const };
  expect(toggleOf(sampleView({ ...failed, actions: { start: may, stop: may } })).action).toBe(
    'start',
  );
  const actions = { start: mayNot('The connection to Campaign is not set.'), stop: may };
  expect(toggleOf(sampleView({ ...failed, actions }))).toEqual({ action: 'stop', ...may });
});

test('while it stops the button stays Stop and cannot be pressed', () => {
  const actions = {
    start: mayNot('It is still stopping.'),
    stop: mayNot('It is stopping already.'),
  };
  const toggle = toggleOf(sampleView({ status: 'RUNNING', stopping: true, actions }));
  expect(toggle).toEqual({ action: 'stop', allowed: false, reason: 'It is stopping already.' });
});
