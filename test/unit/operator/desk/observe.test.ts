import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createObservingDesk } from '../../../../operator/desk/observe.ts';
import { type FakeAws, type Reply, startFakeAws } from '../../aws/fake-aws.ts';
import { NOW_MS, stageOfFakes } from './stage-of-fakes.ts';

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws(2_000);
});
afterEach(() => aws.stop());

const desk = (isLocal = true) => createObservingDesk(stageOfFakes({ clients: aws.clients, isLocal }));
const lines = (...all: readonly object[]): Reply => ({
  body: {
    events: all.map((line) => ({
      timestamp: NOW_MS,
      message: JSON.stringify({ service: 'sluice', ...line }),
    })),
  },
});
const told = (secondsAgo: number, message: string, detail: object) => ({
  level: 'INFO',
  message,
  timestamp: new Date(NOW_MS - secondsAgo * 1000).toISOString(),
  sluiceEvent: detail,
});

describe('events of a stage', () => {
  const hold = { pipelineId: 'a', from: 'held', to: 'free' };
  const attention = {
    pipelines: 3,
    needing: 1,
    needs: { stuck: 1 },
    worst: [{ pipelineId: 'a', says: 'stuck' }],
  };

  it('are of all its functions, the newest first, in words', async () => {
    aws.replyWith(
      lines(told(30, 'Group hold changed', hold), { level: 'INFO', message: 'tick' }),
      lines(told(10, 'Pipelines need attention', attention)),
      lines({ level: 'WARN', message: 'orphan', name: 'q' }),
    );
    const events = await desk().events(NOW_MS - 60_000);
    expect(events.map(({ says }) => says)).toEqual([
      'orphan: name q',
      '1 of 3 pipelines need attention (stuck 1), the worst is a: stuck',
      'held no more',
    ]);
    expect(events[2]).toMatchObject({ what: 'Group hold changed', pipelineId: 'a', detail: hold });
    expect(new Set(aws.seen.map(({ body }) => (body as { logGroupName: string }).logGroupName))).toContain(
      '/aws/lambda/sluice-dev-pipeline-lifecycle',
    );
  });

  it('that tell of a change have it field by field', async () => {
    const settled = { level: 'INFO', message: 'settled', pipelineId: 'a', phase: 'Active', run: 'update' };
    const changed = [{ path: 'concurrency', from: 4, to: 10 }];
    aws.replyWith(
      lines(
        { ...settled, seconds: 6, changed, moreChanged: 2 },
        { ...settled, seconds: 6, changed: [] },
        { ...settled, seconds: 6 },
      ),
    );
    const events = await desk().events(0, 'a');
    expect(events.map(({ changes, moreChanges }) => ({ changes, moreChanges }))).toEqual([
      { changes: changed, moreChanges: 2 },
      {},
      {},
    ]);
  });

  it('of one pipeline are also those that name it among others', async () => {
    const replies = () =>
      aws.replyWith(
        lines(
          told(30, 'Group hold changed', hold),
          told(20, 'Group hold changed', { ...hold, pipelineId: 'b' }),
        ),
        lines(told(10, 'Pipelines need attention', attention)),
      );
    replies();
    expect(await desk().events(0, 'a')).toHaveLength(2);
    replies();
    expect((await desk().events(0, 'b')).map(({ pipelineId }) => pipelineId)).toEqual(['b']);
  });
});

it('events of one pipeline are looked for by its id on AWS', async () => {
  const patternsOf = async (isLocal: boolean) => {
    aws.seen.length = 0;
    await desk(isLocal).events(0, 'shop-1');
    return [...new Set(aws.seen.map(({ body }) => (body as { filterPattern?: string }).filterPattern))];
  };
  expect(await patternsOf(false)).toEqual(['"shop-1"']);
  expect(await patternsOf(true)).toEqual(['sluice']);
});

describe('curves of a pipeline', () => {
  const task = {
    sluice: 'task',
    pipelineId: 'a',
    outcome: 'returned',
    fate: 'done',
    startedAtMs: NOW_MS - 61_000,
    endedAtMs: NOW_MS - 58_000,
    refusedAtMs: [NOW_MS - 90_000],
  };

  it('are from the lines of its tasks where there are no metrics', async () => {
    aws.replyWith(lines(task));
    const curves = await desk().curves('a', 3);
    expect(curves).toMatchObject({ fromMs: NOW_MS - 180_000, stepSeconds: 1 });
    const at = (secondsAgo: number) => 180 - secondsAgo;
    expect(curves.running.slice(at(62), at(57))).toEqual([0, 1, 1, 1, 0]);
    expect(curves.done[at(58)]).toBe(1);
    expect(curves.p95Seconds[at(58)]).toBe(3);
    expect(curves.throttled[at(90)]).toBe(1);
    expect(curves.waiting.every((value) => value === null)).toBe(true);
  });

  it('are from CloudWatch on AWS, and refusals from the few lines that tell of them', async () => {
    const metric = { Id: 'm0', StatusCode: 'Complete', Timestamps: [NOW_MS / 1000 - 60], Values: [7] };
    // Whichever comes first of the three calls: the metrics' answer is none of a log group, and the other way round.
    const both = { body: { MetricDataResults: [metric], events: eventsOf(task) } };
    aws.replyWith(both, both, both);
    const curves = await desk(false).curves('a', 30);
    expect(curves).toMatchObject({ stepSeconds: 60 });
    expect(curves.running.at(-2)).toBe(7);
    expect(curves.waiting.every((value) => value === null)).toBe(true);
    expect(curves.throttled.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBeGreaterThan(0);
    const patterns = aws.seen.map(({ body }) => (body as { filterPattern?: string }).filterPattern);
    expect(patterns).toContain('?throttled ?refusedAtMs');
  });
});

function eventsOf(line: object) {
  return [{ timestamp: NOW_MS, message: JSON.stringify(line) }];
}
