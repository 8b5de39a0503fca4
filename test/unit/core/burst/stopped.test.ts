import { expect, it } from '@jest/globals';
import { stoppedWords } from '../../../../core/burst/stopped.ts';

const stopped = (kind: 'held' | 'breakerOpen' | 'forcedOpen', says: string) => ({ kind, says });

it.each([
  [{ isPaused: false }, undefined],
  [{ isPaused: true }, 'a is paused: its queue takes the tasks, and none starts until it is resumed'],
  [
    { isPaused: false, stopped: stopped('held', 'held for 30 s') },
    'a: held for 30 s: none starts before, and all that is predicted comes later',
  ],
  [
    { isPaused: false, stopped: stopped('breakerOpen', 'its breaker is open') },
    'a: its breaker is open: none starts before, and all that is predicted comes later',
  ],
  [
    { isPaused: false, stopped: stopped('forcedOpen', 'its breaker is forced open') },
    'a: its breaker is forced open: none starts until that changes',
  ],
])('what stops a burst before it is sent, and for how long: %j', (outlook, words) => {
  expect(stoppedWords({ pipelineId: 'a', ...outlook })).toBe(words);
});
