import { expect, it } from '@jest/globals';
import { eventsThat } from '../../../../../operator/ui/page/events/matching.ts';
import { endingOf } from '../../../../../operator/ui/page/pipeline/endings.ts';
import type { PipelineRow } from '../../../../../operator/views/pipelines.ts';

const row = {
  isPaused: false,
  look: { atMs: 0, waiting: 10, running: 2, delayed: 0, deadLetters: 1 },
} as unknown as PipelineRow;

it('deleting says what becomes of how many tasks', () => {
  expect(endingOf(row, {}).join(' ')).toMatch(/12 tasks: .* 15 min .* salvage bucket.* 1 dead letter/);
  expect(endingOf(row, { drainTimeoutSeconds: 60 }).join(' ')).toContain('1 min at most');
  expect(endingOf({ ...row, isPaused: true }, {}).join(' ')).toContain('not woken');
  expect(endingOf(row, { onDelete: 'discard' }).join(' ')).toContain('thrown away');
  expect(endingOf(undefined, undefined)).toHaveLength(4);
});

it('a search among events wants every word', () => {
  const events = [
    { atMs: 1, what: 'Breaker opened', pipelineId: 'shop-1', says: '14 of 20 failed', detail: {} },
    { atMs: 0, what: 'Burst ended', says: '30 of 30 done', detail: {} },
  ];
  expect(eventsThat(events, 'BREAKER shop')).toEqual([events[0]]);
  expect(eventsThat(events, ' ')).toEqual(events);
});
