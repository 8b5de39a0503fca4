import { describe, expect, it } from '@jest/globals';
import { runningIn } from '../../../operator/views/running.ts';

const look = { atMs: 1, waiting: 5, running: 3, delayed: 0, deadLetters: 0 };

describe('how many tasks of a pipeline run', () => {
  it('is what was received, and no more than its limit lets run', () => {
    expect([4, 3, 2].map((concurrency) => runningIn({ look, concurrency }))).toEqual([3, 3, 2]);
  });

  it('is not known where nobody has looked, and what was received where no limit is known', () => {
    expect([runningIn({ concurrency: 2 }), runningIn({ look })]).toEqual([undefined, 3]);
  });
});
