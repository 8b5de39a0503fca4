import { expect, it } from '@jest/globals';
import { attemptsIn } from '../../../../../lab/demo/rollout/attempts.ts';

const began = (requestId: string, task: number, release = 1) => ({
  sluice: 'log',
  message: 'began',
  pipelineId: 'a',
  requestId,
  messageId: `m${task}`,
  task,
  release,
});
const ran = (requestId: string, task: number, startedAtMs: number, fate: string) => ({
  sluice: 'task',
  pipelineId: 'a',
  requestId,
  messageId: `m${task}`,
  startedAtMs,
  endedAtMs: startedAtMs + 500,
  fate,
});

it('joins what a task says of itself with what the runtime says of it, attempt by attempt, by their start', () => {
  const lines = [
    began('r2', 1, 2),
    ran('r2', 1, 3000, 'done'),
    { sluice: 'log', message: 'something else', requestId: 'r2', messageId: 'm1' },
    { sluice: 'call', level: 'info', requestId: 'r9' },
    began('r1', 1, 3),
    ran('r1', 1, 1000, 'retry'),
  ];
  expect(attemptsIn(lines)).toEqual([
    { pipelineId: 'a', task: 1, release: 3, startedAtMs: 1000, endedAtMs: 1500, fate: 'failed' },
    { pipelineId: 'a', task: 1, release: 2, startedAtMs: 3000, endedAtMs: 3500, fate: 'done' },
  ]);
});

it('takes a task that began and of which nothing more is heard for broken off', () => {
  expect(attemptsIn([began('r1', 7)])).toEqual([{ pipelineId: 'a', task: 7, release: 1, fate: 'brokenOff' }]);
});
