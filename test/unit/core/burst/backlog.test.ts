import { describe, expect, it } from '@jest/globals';
import { refuseBeyondBacklog } from '../../../../core/burst/backlog.ts';

const wanted = { pipelineId: 'a', maxBacklog: 100, concurrency: 4, rateLimits: [], paused: false };
const counts = { visible: 50, delayed: 30, inFlight: 10 };

describe('the backlog', () => {
  it('takes a burst that just fits, and any burst where the record names no limit', () => {
    expect(() => refuseBeyondBacklog(10, wanted, counts)).not.toThrow();
    const { maxBacklog: _none, ...unlimited } = wanted;
    expect(() => refuseBeyondBacklog(1_000_000, unlimited, counts)).not.toThrow();
  });

  it.each([
    ['as concurrency allows', {}, 50, 10],
    [
      'as the strictest rate allows',
      {
        rateLimits: [
          { tasks: 10, perSeconds: 60 },
          { tasks: 5, perSeconds: 1 },
        ],
      },
      50,
      240,
    ],
  ])('says when enough tasks will be done, %s', (_what, change, count, seconds) => {
    expect(() => refuseBeyondBacklog(count, { ...wanted, ...change }, counts)).toThrow(
      expect.objectContaining({
        code: 'Backlog',
        retryAfterSeconds: seconds,
        message: expect.stringContaining(`try again in ${seconds} s`),
      }),
    );
  });

  it('goes by what tasks take, where that is known', () => {
    expect(() => refuseBeyondBacklog(50, wanted, counts, 3)).toThrow('try again in 30 s');
  });

  it('names no time where waiting cannot help: a burst larger than the limit, a paused pipeline', () => {
    expect(() => refuseBeyondBacklog(101, wanted, counts)).toThrow('hand over at most 100 at a time');
    expect(() => refuseBeyondBacklog(50, { ...wanted, paused: true }, counts)).toThrow('it is paused');
  });
});
