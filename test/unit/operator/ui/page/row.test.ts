import { expect, it } from '@jest/globals';
import { rowOf } from '../../../../../operator/ui/page/pipeline/row.ts';
import type { PipelineRow } from '../../../../../operator/views/pipelines.ts';

const look = (atMs: number, waiting = 5) => ({ atMs, waiting, running: 0, delayed: 0, deadLetters: 0 });
const listed = {
  pipelineId: 'a',
  phase: 'Active',
  isPaused: false,
  verdict: { kind: 'starting' },
  says: 'starting',
  look: look(10_000, 7),
  oldest: { sinceMs: 1_000, isAtMost: true },
} as unknown as PipelineRow;
const viewed = {
  ...listed,
  verdict: { kind: 'off' },
  says: 'mapping off',
  remedy: { action: 'switch it on' },
  look: look(8_000),
  oldest: { sinceMs: 2_000, isAtMost: false },
} as unknown as PipelineRow;

it('the verdict and the age are those of the own view, the counts those of the list', () => {
  const { verdict, says, remedy, oldest } = viewed;
  expect(rowOf(listed, viewed)).toEqual({ ...listed, verdict, says, remedy, oldest });
  const { remedy: _remedy, oldest: _oldest, ...plain } = viewed;
  expect(rowOf({ ...listed, remedy: { action: 'wait' } }, plain)).not.toHaveProperty('remedy');
  expect(rowOf(listed, plain)).not.toHaveProperty('oldest');
});

it('one of them is enough', () => {
  expect(rowOf(listed, undefined)).toBe(listed);
  expect(rowOf(undefined, viewed)).toBe(viewed);
  expect(rowOf(undefined, undefined)).toBeUndefined();
});

it('a view that is old says nothing any more', () => {
  expect(rowOf({ ...listed, look: look(20_000) }, viewed)?.says).toBe('starting');
  const { look: _look, ...unseen } = viewed;
  expect(rowOf(listed, unseen)?.says).toBe('starting');
});

it('where the two saw different records, the newer one is right', () => {
  const paused = { ...listed, isPaused: true, says: 'paused' };
  expect(rowOf(paused, viewed)?.says).toBe('paused');
  expect(rowOf({ ...paused, look: look(7_000) }, viewed)?.says).toBe('mapping off');
});
