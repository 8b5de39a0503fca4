import { expect, it } from '@jest/globals';
import type { Ending } from '../../../../../core/lifecycle/what-happens.ts';
import { eventsThat } from '../../../../../operator/ui/page/events/matching.ts';
import { endingSteps } from '../../../../../operator/ui/page/pipeline/endings.ts';

const ending: Ending = {
  fate: { kind: 'drained', limitMs: 900_000 },
  atMs: 0,
  isUnderWay: false,
  tasks: 12,
  deadLetters: 1,
  mayDiscard: false,
};

it('deleting says what becomes of how many tasks', () => {
  expect(endingSteps(ending)).toEqual([
    'The record is deleted, and the queue takes no more tasks.',
    '12 tasks may run for up to 15 min, what is left then is kept in the salvage bucket.',
    '1 dead letter kept there, too.',
    'Mapping, function and both queues are deleted.',
  ]);
  expect(endingSteps({ ...ending, fate: { kind: 'discarded' } }).join(' ')).toContain('deleted for good');
});

it('deleting promises nothing of a pipeline that was not looked at yet', () => {
  expect(endingSteps(undefined)[1]).toContain('not known yet');
});

it('a search among events wants every word', () => {
  const events = [
    { atMs: 1, what: 'Breaker opened', pipelineId: 'shop-1', says: '14 of 20 failed', detail: {} },
    { atMs: 0, what: 'Burst ended', says: '30 of 30 done', detail: {} },
  ];
  expect(eventsThat(events, 'BREAKER shop')).toEqual([events[0]]);
  expect(eventsThat(events, ' ')).toEqual(events);
  const changes = [{ path: 'rateLimit.tasks', from: 5, to: 7 }];
  const change = { atMs: 2, what: 'settled', says: 'Active', changes, detail: {} };
  expect(eventsThat([...events, change], 'ratelimit 7')).toEqual([change]);
});
