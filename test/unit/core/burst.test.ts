import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeBurstId, refuseBeyondBacklog, taskBody } from '../../../core/burst.ts';

const wanted = { pipelineId: 'a', maxBacklog: 100, concurrency: 4, rateLimits: [], paused: false };
const counts = { visible: 50, delayed: 30, inFlight: 10 };

describe("a task's body", () => {
  it('is JSON that says the task again and holds no character that SQS refuses', () => {
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    const isTaken = (point: number) =>
      [0x9, 0xa, 0xd].includes(point) ||
      (point >= 0x20 && point <= 0xd7ff) ||
      (point >= 0xe000 && point <= 0xfffd) ||
      point >= 0x10000;
    const any = fc.jsonValue({ stringUnit: 'binary' });
    fc.assert(
      fc.property(fc.oneof(any, fc.constantFrom('\uFFFE', '\uFFFF\u0000', '\uD800')), (task) => {
        const body = taskBody({ kind: 'listed', tasks: [task] }, 0);
        expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(task)));
        expect([...body].filter((one) => !isTaken(one.codePointAt(0) ?? 0))).toEqual([]);
      }),
    );
  });

  it('numbers documents from 1', () => {
    expect(taskBody({ kind: 'numbered', count: 2 }, 1)).toBe('{"document":2}');
  });
});

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

  it('names no time where waiting cannot help: a burst larger than the limit, a paused pipeline', () => {
    expect(() => refuseBeyondBacklog(101, wanted, counts)).toThrow('hand over at most 100 at a time');
    expect(() => refuseBeyondBacklog(50, { ...wanted, paused: true }, counts)).toThrow('it is paused');
  });
});

describe('a made burst id', () => {
  it('is another one for another burst of the same moment', () => {
    let chance = 0;
    const random = () => {
      chance += 0.1;
      return chance % 1;
    };
    expect(makeBurstId(1, random)).not.toBe(makeBurstId(1, random));
    expect(makeBurstId(1_700_000_000_000, random)).toMatch(/^[a-z0-9]+-[a-z0-9]{12}$/);
  });
});
