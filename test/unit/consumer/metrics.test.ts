import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import type { SQSRecord } from 'aws-lambda';
import { createRuntime } from '../../../consumer/runtime.ts';
import { DeadLetter, Drop, RetryLater, Throttled } from '../../../consumer/thrown.ts';
import { createWorld, event, invocation, type Line, record, type World } from './world.ts';

const environment = { SLUICE_STAGE: 'dev', SLUICE_PIPELINE_ID: 'customer-a', SLUICE_MAX_ATTEMPTS: '3' };

/**
 * As CloudWatch reads it:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
const EMBEDDED_METRICS = {
  type: 'object',
  required: ['_aws'],
  properties: {
    _aws: {
      type: 'object',
      required: ['Timestamp', 'CloudWatchMetrics'],
      properties: {
        Timestamp: { type: 'integer' },
        CloudWatchMetrics: {
          type: 'array',
          items: {
            type: 'object',
            required: ['Namespace', 'Dimensions', 'Metrics'],
            properties: {
              Namespace: { type: 'string', minLength: 1, maxLength: 1024 },
              Dimensions: {
                type: 'array',
                minItems: 1,
                items: {
                  type: 'array',
                  maxItems: 30,
                  items: { type: 'string', minLength: 1, maxLength: 250 },
                },
              },
              Metrics: {
                type: 'array',
                minItems: 1,
                maxItems: 100,
                items: {
                  type: 'object',
                  required: ['Name'],
                  properties: {
                    Name: { type: 'string', minLength: 1, maxLength: 1024 },
                    Unit: { enum: ['Milliseconds', 'Count'] },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};
const isEmbedded = new Ajv().compile(EMBEDDED_METRICS);

interface Directive {
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

const metricsOf = ({ lines }: World) => lines.filter(({ sluice }) => sluice === 'metrics');
const directiveOf = (line: Line) =>
  (line._aws as { CloudWatchMetrics: readonly [Directive] }).CloudWatchMetrics[0];
const valuesOf = (line: Line | undefined) =>
  line && Object.fromEntries(directiveOf(line).Metrics.map(({ Name }) => [Name, line[Name]]));

type Fate = 'good' | 'drop' | 'throw' | 'bury' | 'later' | 'throttle';

/** A consumer whose tasks take a second each. */
const consume = (world: World) =>
  createRuntime<Fate>((task) => {
    world.pass(1_000);
    if (task === 'drop') throw new Drop('gone');
    if (task === 'throw') throw new Error('no');
    if (task === 'bury') throw new DeadLetter('bad');
    if (task === 'later') throw new RetryLater({ seconds: 5 });
    if (task === 'throttle') throw new Throttled({ retryAfterSeconds: 3_600 });
  }, world.effects);

const due = (dueMs: number, given: SQSRecord): SQSRecord => ({
  ...given,
  messageAttributes: { SluiceDue: { dataType: 'Number', stringValue: String(dueMs) } },
});

describe('the metrics of a call', () => {
  it('are lines of CloudWatch’s embedded metric format, each metric and dimension among their members', async () => {
    const world = createWorld(environment);
    const handler = createRuntime(() => undefined, world.effects);
    await handler(event(...Array.from({ length: 250 }, (_, at) => record(`m${at}`, {}))), invocation());
    expect(metricsOf(world)).toHaveLength(3);
    for (const line of metricsOf(world)) {
      expect(isEmbedded(line) || isEmbedded.errors).toBe(true);
      const { Dimensions, Metrics } = directiveOf(line);
      for (const name of Dimensions.flat()) expect(line[name]).toEqual(expect.any(String));
      for (const { Name, Unit } of Metrics) {
        const isTime = Array.isArray(line[Name]);
        expect(Unit).toBe(isTime ? 'Milliseconds' : 'Count');
        if (!isTime) expect(line[Name]).toEqual(expect.any(Number));
      }
    }
  });

  it('have a hundred values a line at most, and each value and count once', async () => {
    const world = createWorld(environment);
    const handler = createRuntime(() => undefined, world.effects);
    await handler(event(...Array.from({ length: 250 }, (_, at) => record(`m${at}`, {}))), invocation());
    const [first, second, third] = metricsOf(world);
    expect(first?.Latency).toHaveLength(100);
    expect(second?.Latency).toHaveLength(100);
    expect(third?.Latency).toHaveLength(50);
    expect(first).toMatchObject({ Started: 250, Done: 250 });
    for (const line of [second, third]) {
      expect(Object.keys(valuesOf(line) ?? {})).toEqual(['Latency', 'Wait']);
    }
  });

  it('have the stage as their dimension; the pipeline is a property, which costs nothing', async () => {
    const world = createWorld(environment);
    await consume(world)(event(record('m1', '"good"')), invocation());
    const [line] = metricsOf(world);
    expect(line && directiveOf(line)).toMatchObject({
      Namespace: 'Sluice',
      Dimensions: [['service', 'stage']],
    });
    expect(line).toMatchObject({ service: 'consumer', stage: 'dev', pipelineId: 'customer-a' });
  });

  it('count each fate, and leave out what did not happen', async () => {
    const world = createWorld(environment);
    const fates: Fate[] = ['good', 'drop', 'throw', 'bury', 'later', 'throttle', 'good'];
    const batch = event(...fates.map((fate, at) => record(`m${at}`, JSON.stringify(fate))));
    await world.until(consume(world)(batch, invocation()));
    expect(valuesOf(metricsOf(world)[0])).toEqual({
      Started: 6,
      Done: 2,
      Failed: 1,
      DeadLettered: 1,
      Throttled: 1,
      // Behind the throttled one.
      Held: 1,
      Waited: 1,
      Latency: [1_000, 2_000, 4_000],
      Wait: [0, 1_000, 2_000, 3_000, 4_000, 5_000],
    });
  });

  it('count a task that the other side refused and that ran again in the same receive as often as it started', async () => {
    const world = createWorld(environment);
    let calls = 0;
    const handler = createRuntime(() => {
      calls += 1;
      if (calls < 3) throw new Throttled({ retryAfterSeconds: 0 });
    }, world.effects);
    await world.until(handler(event(record('m1', {})), invocation()));
    expect(valuesOf(metricsOf(world)[0])).toMatchObject({ Started: 3, Throttled: 2, Done: 1, Wait: [0] });
    const refusedAtMs = [1_800_000_000_000, expect.any(Number)];
    expect(world.lines[0]).toMatchObject({ outcome: 'returned', attempt: 1, refusedAtMs });
  });

  it('are none of a function that the lifecycle has not made, nor of an empty batch', async () => {
    for (const [own, batch] of [
      [{}, event(record('m1', '"good"'))],
      [environment, event()],
    ] as const) {
      const world = createWorld(own);
      await consume(world)(batch, invocation());
      expect(metricsOf(world)).toEqual([]);
    }
  });
});

describe('latency', () => {
  it('is from when a task was sent, over all its receives, until it is done or a dead letter', async () => {
    const world = createWorld(environment);
    const handler = consume(world);
    await handler(event(record('m1', '"throw"')), invocation());
    expect(metricsOf(world)[0]).not.toHaveProperty('Latency');
    world.pass(59_000);
    await handler(event(record('m1', '"bury"', 2)), invocation());
    expect(metricsOf(world)[1]).toMatchObject({ Latency: [61_000] });
    expect(metricsOf(world)[1]).not.toHaveProperty('Wait');
  });

  it('is from when a task was due where it was sent with a delay', async () => {
    const world = createWorld(environment);
    const dueMs = world.effects.nowMs() + 600_000;
    world.pass(602_000);
    await consume(world)(event(due(dueMs, record('m1', '"good"'))), invocation());
    expect(metricsOf(world)[0]).toMatchObject({ Latency: [3_000], Wait: [2_000] });
  });

  it('of a dead letter that was sent again is from then', async () => {
    const world = createWorld(environment);
    world.pass(86_400_000);
    const given = record('m1', '"good"');
    const attributes = { ...given.attributes, SentTimestamp: String(world.effects.nowMs()) };
    const dueMs = 1_800_000_600_000;
    await consume(world)(event(due(dueMs, { ...given, attributes })), invocation());
    expect(metricsOf(world)[0]).toMatchObject({ Latency: [1_000], Wait: [0] });
  });

  it.each(['', 'soon', '-1', 'NaN'])('is from when it was sent where the attribute says %j', async (said) => {
    const world = createWorld(environment);
    const messageAttributes = { SluiceDue: { dataType: 'Number', stringValue: said } };
    await consume(world)(event({ ...record('m1', '"good"'), messageAttributes }), invocation());
    expect(metricsOf(world)[0]).toMatchObject({ Latency: [1_000] });
  });

  it('is nothing less than nothing, though clocks differ', async () => {
    const world = createWorld(environment);
    await consume(world)(event(due(world.effects.nowMs() + 5_000, record('m1', '"good"'))), invocation());
    expect(metricsOf(world)[0]).toMatchObject({ Latency: [0], Wait: [0] });
  });

  it('is not that of a task which was done before', async () => {
    const world = createWorld({ ...environment, SLUICE_LIMITS: '{"idempotency":{"key":"$","seconds":60}}' });
    const handler = consume(world);
    await handler(event(record('m1', '"good"')), invocation());
    await handler(event(record('m2', '"good"')), invocation());
    expect(world.lines.at(-1)).toMatchObject({ outcome: 'duplicate', fate: 'done' });
    expect(metricsOf(world)).toHaveLength(1);
  });
});
