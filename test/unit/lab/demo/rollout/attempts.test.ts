import { expect, it } from '@jest/globals';
import { attemptsIn } from '../../../../../lab/demo/rollout/attempts.ts';

const line = (message: string, requestId: string, task: number, release: number, atMs: number) => ({
  sluice: 'log',
  message,
  pipelineId: 'a',
  requestId,
  messageId: `m${task}`,
  task,
  release,
  atMs,
});

it('joins the begin and the end of every attempt, and puts attempts in the order of their starts', () => {
  const lines = [
    line('began', 'r2', 1, 2, 3000),
    { ...line('ended', 'r2', 1, 2, 3500), fate: 'done' },
    { sluice: 'task', requestId: 'r2', messageId: 'm1', fate: 'done' },
    { sluice: 'call', level: 'info', requestId: 'r9' },
    line('began', 'r1', 1, 3, 1000),
    { ...line('ended', 'r1', 1, 3, 1001), fate: 'failed' },
  ];
  expect(attemptsIn(lines)).toEqual([
    { pipelineId: 'a', task: 1, release: 3, startedAtMs: 1000, endedAtMs: 1001, fate: 'failed' },
    { pipelineId: 'a', task: 1, release: 2, startedAtMs: 3000, endedAtMs: 3500, fate: 'done' },
  ]);
});

it('takes a task that began and of which nothing more is heard for broken off', () => {
  expect(attemptsIn([line('began', 'r1', 7, 1, 500)])).toEqual([
    { pipelineId: 'a', task: 7, release: 1, startedAtMs: 500, fate: 'brokenOff' },
  ]);
});
