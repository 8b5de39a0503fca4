import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readLogLines } from '../../../aws/log-lines.ts';
import { type FakeAws, jsonError, type Reply, startFakeAws } from './fake-aws.ts';

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws(2_000);
});
afterEach(() => aws.stop());

const line = (n: number, timestamp: number) => ({ timestamp, message: JSON.stringify({ n }) });
/** Lines from one number to another, two a millisecond. */
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => line(from + at, Math.floor((from + at) / 2)));
const page = (events: readonly object[], nextToken?: string): Reply => ({
  body: { events, ...(nextToken ? { nextToken } : {}) },
});
const numbers = async () => (await readLogLines(aws.connection, '/g', 0)).map(({ n }) => n);
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);
const asked = () => aws.seen.map(({ body }) => body as { readonly startTime: number });

describe('log lines', () => {
  it('are those that hold JSON, without the words before it', async () => {
    aws.replyWith(
      page([
        { message: 'START' },
        { message: 'INFO {"n":1}' },
        { message: '{broken' },
        { message: '{"n":2}' },
      ]),
    );
    expect(await numbers()).toEqual([1, 2]);
  });

  it('are read to the last page, also past an empty one', async () => {
    aws.replyWith(page(lines(0, 3), 'one'), page([], 'two'), page(lines(3, 5)));
    expect(await numbers()).toEqual(upTo(5));
    expect(asked()).toMatchObject([{ startTime: 0 }, { nextToken: 'one' }, { nextToken: 'two' }]);
  });

  it('are read on after a full page that names no next one, each once', async () => {
    // The page ends between two lines of one millisecond.
    aws.replyWith(page(lines(1, 10_001)), page(lines(10_000, 10_020)));
    expect(await numbers()).toEqual(upTo(10_020).slice(1));
    expect(asked().map(({ startTime }) => startTime)).toEqual([0, 5_000]);
  });

  it('of a millisecond that fills a page are not read for ever', async () => {
    aws.replyWith(page(upTo(10_000).map((n) => line(n, 7))), page([line(10_000, 8)]));
    expect(await numbers()).toEqual(upTo(10_001));
    expect(asked().map(({ startTime }) => startTime)).toEqual([0, 8]);
  });

  it('of a group that is not there are an error that says so', async () => {
    aws.replyWith(jsonError('ResourceNotFoundException', 'The specified log group does not exist.'));
    await expect(numbers()).rejects.toMatchObject({
      operation: 'logs:FilterLogEvents',
      code: 'ResourceNotFoundException',
    });
  });
});
