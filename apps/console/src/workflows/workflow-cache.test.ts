import { expect, test } from '@jest/globals';
import { sampleView } from '../../test/sample-view.ts';
import { mergeFetched, transitionOf, withArrival, withView } from './workflow-cache.ts';

const before = sampleView({ backlog: 10 });
const after = sampleView({ backlog: 7 });
const egress = sampleView({ workflow: 'egress' });

test('an answer that was asked for before an event does not hide the event', () => {
  const arrivals = withArrival(new Map(), 4, after);
  expect(mergeFetched([before, egress], arrivals, 3)).toEqual([after, egress]);
});

test('an answer that was asked for after an event is newer than the event', () => {
  const arrivals = withArrival(new Map(), 3, after);
  expect(mergeFetched([before], arrivals, 3)).toEqual([before]);
});

test('an event of another instance changes nothing here', () => {
  const elsewhere = sampleView({ instance: 'prod', backlog: 99 });
  expect(withView([before, egress], elsewhere)).toEqual([before, egress]);
  expect(mergeFetched([before], withArrival(new Map(), 1, elsewhere), 0)).toEqual([before]);
});

test('an event replaces its own workflow alone', () => {
  expect(withView([before, egress], after)).toEqual([after, egress]);
  expect(withView(undefined, after)).toBeUndefined();
});

test('a change of status is told, a change of figures is not', () => {
  expect(transitionOf(before, after)).toBeNull();
  expect(transitionOf(before, sampleView({ status: 'STARTING' }))).toBe('status');
  expect(transitionOf(before, sampleView({ stopping: true }))).toBe('stopping');
  expect(transitionOf(undefined, after)).toBeNull();
});
