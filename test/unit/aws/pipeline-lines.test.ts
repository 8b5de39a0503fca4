import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readConsumerLines, readLastFailure } from '../../../aws/consumer-lines.ts';
import { readFunctionLines } from '../../../aws/function-lines.ts';
import { type FakeAws, jsonError, startFakeAws } from './fake-aws.ts';

const NOON = Date.UTC(2026, 10, 21, 12);

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws(2_000);
});
afterEach(() => aws.stop());

const events = (...lines: readonly (readonly [atMs: number, message: string])[]) => ({
  body: { events: lines.map(([timestamp, message]) => ({ timestamp, message })) },
});
const asked = () =>
  aws.seen
    .map(({ body }) => body as Readonly<Record<string, string>>)
    .sort((a, b) => String(a.logStreamNamePrefix).localeCompare(String(b.logStreamNamePrefix)));

describe('lines of one pipeline’s consumers', () => {
  const consumers = (isLocal: boolean) => ({
    logs: aws.clients.logs,
    stage: 'dev',
    logGroup: '/sluice/dev/consumers',
    isLocal,
  });

  it('are asked for by the streams of its own function, of each day and the one before', async () => {
    await readConsumerLines(consumers(false), 'a', NOON - 60_000, NOON);
    expect(asked()).toMatchObject([
      { logGroupName: '/sluice/dev/consumers', logStreamNamePrefix: '2026/11/20/sluice-pipe-dev-a[' },
      { logStreamNamePrefix: '2026/11/21/sluice-pipe-dev-a[', startTime: NOON - 60_000 },
    ]);
  });

  it('are in order of time whatever stream they come from, with what is no JSON as it is', async () => {
    aws.replyWith(
      events([NOON + 2, '{"n":3}'], [NOON + 3, 'REPORT RequestId: 1 Duration: 3 ms']),
      events([NOON, '{"n":1}'], [NOON + 1, 'Task timed out after 3.00 seconds\n']),
    );
    expect(await readConsumerLines(consumers(false), 'a', NOON, NOON + 10)).toEqual([
      { n: 1, atMs: NOON },
      { message: 'Task timed out after 3.00 seconds', atMs: NOON + 1 },
      { n: 3, atMs: NOON + 2 },
    ]);
  });

  it('are known by their pipelineId where streams are not named by their function', async () => {
    aws.replyWith(events([NOON, '{"n":1,"pipelineId":"a"}'], [NOON, '{"n":2,"pipelineId":"ab"}']));
    expect(await readConsumerLines(consumers(true), 'a', NOON, NOON + 10)).toEqual([
      { n: 1, pipelineId: 'a', atMs: NOON },
    ]);
    expect(asked()).toMatchObject([{ filterPattern: 'sluice' }]);
    expect(asked()[0]).not.toHaveProperty('logStreamNamePrefix');
  });

  it('tell of the last call that failed of an error before any task began', async () => {
    const failed = (name: string, message: string) =>
      JSON.stringify({ sluice: 'call', pipelineId: 'a', error: { name, message } });
    aws.replyWith(
      events(
        [NOON, failed('Lost', 'first')],
        [NOON + 1, failed('Lost', 'last')],
        [NOON + 2, failed('Other', 'it was Lost')],
        [NOON + 3, '{"sluice":"task","pipelineId":"a","error":{"name":"Lost","message":"of a task"}}'],
      ),
    );
    const span = { fromMs: NOON, toMs: NOON + 10 };
    expect(await readLastFailure(consumers(true), 'a', 'Lost', span)).toEqual({
      atMs: NOON + 1,
      message: 'last',
    });
    expect(asked()).toMatchObject([{ filterPattern: 'Lost', startTime: NOON }]);
    expect(await readLastFailure(consumers(true), 'b', 'Lost', span)).toBeUndefined();
  });
});

describe('lines of the stage’s functions', () => {
  const line = (message: string, level = 'INFO') =>
    JSON.stringify({ level, message, timestamp: '2026-11-21T12:00:00.000Z', service: 'sluice' });

  it('are read from the log group of each', async () => {
    aws.replyWith(events([NOON, line('tick')]), events([NOON, line('orphan', 'WARN')]));
    const lines = await readFunctionLines(aws.clients.logs, ['sluice-dev-a', 'sluice-dev-b'], NOON);
    expect(lines).toEqual([
      { atMs: NOON, what: 'tick', detail: {}, isTrouble: false },
      { atMs: NOON, what: 'orphan', detail: {}, isTrouble: true },
    ]);
    expect(aws.seen.map(({ body }) => body)).toMatchObject([
      { logGroupName: '/aws/lambda/sluice-dev-a', startTime: NOON },
      { logGroupName: '/aws/lambda/sluice-dev-b' },
    ]);
  });

  it('are none where a function has never written any', async () => {
    aws.replyWith(jsonError('ResourceNotFoundException', 'The specified log group does not exist.'));
    expect(await readFunctionLines(aws.clients.logs, ['sluice-dev-a'], NOON)).toEqual([]);
  });

  it('that cannot be read are an error', async () => {
    aws.replyWith(jsonError('AccessDeniedException', 'no'));
    await expect(readFunctionLines(aws.clients.logs, ['sluice-dev-a'], NOON)).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
  });
});
