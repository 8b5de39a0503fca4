import { describe, expect, it } from '@jest/globals';
import { DeadLetter, Drop, RetryLater } from '../../../consumer/index.ts';
import { createRuntime } from '../../../consumer/runtime.ts';
import { createWorld, event, invocation, record } from './world.ts';

const tasks = (...kinds: readonly string[]) => kinds.map((kind) => JSON.stringify(`classified ${kind}`));

describe('the log', () => {
  it('has one line per task with its ids, its outcome and when it started and ended', async () => {
    const world = createWorld({ SLUICE_PIPELINE_ID: 'customer-a' });
    const startedAtMs = world.effects.nowMs();
    const handler = createRuntime<string>((task) => {
      world.pass(1_500);
      if (task === 'bad') throw new TypeError('no such page');
    }, world.effects);
    await handler(event(record('m1', '"good"'), record('m2', '"bad"', 2)), invocation());
    const ids = { sluice: 'task', pipelineId: 'customer-a', requestId: 'request-1' };
    expect(world.lines).toEqual([
      {
        ...ids,
        level: 'info',
        outcome: 'returned',
        fate: 'done',
        messageId: 'm1',
        attempt: 1,
        receives: 1,
        startedAtMs,
        endedAtMs: startedAtMs + 1_500,
        durationMs: 1_500,
      },
      {
        ...ids,
        level: 'error',
        outcome: 'threw',
        fate: 'retry',
        afterSeconds: 1,
        messageId: 'm2',
        attempt: 1,
        receives: 2,
        startedAtMs: startedAtMs + 1_500,
        endedAtMs: startedAtMs + 3_000,
        durationMs: 1_500,
        error: { name: 'TypeError', message: 'no such page', stack: expect.any(String) },
      },
    ]);
  });

  it('never holds the body, whatever becomes of the task, nor where nothing can be reached', async () => {
    const world = createWorld({ SLUICE_MAX_ATTEMPTS: '1' });
    const handler = createRuntime<string>((task) => {
      if (task.endsWith('drop')) throw new Drop('gone');
      if (task.endsWith('bury')) throw new DeadLetter('bad');
      if (task.endsWith('later')) throw new RetryLater({ seconds: 1 });
      if (task.endsWith('throw')) throw new Error('no');
    }, world.effects);
    const bodies = ['classified', '"classified"', ...tasks('drop', 'bury', 'later', 'throw')];
    const batch = event(...bodies.map((body, at) => record(`m${at + 1}`, body, 1 + at)));
    await handler(batch, invocation());
    for (const what of ['table', 'queue', 'deadLetterQueue'] as const) world.broken.add(what);
    await handler(batch, invocation());
    expect(new Set(world.lines.map(({ fate }) => fate))).toEqual(
      new Set(['done', 'deadLetter', 'giveBack', 'retry', undefined]),
    );
    expect(JSON.stringify(world.lines)).not.toContain('classified');
    expect(world.lines[0]).toMatchObject({
      outcome: 'unreadable',
      error: { message: expect.stringContaining('message m1 must be JSON, got 10 bytes') },
    });
  });

  it('has at least one line per call, an empty batch included', async () => {
    const world = createWorld();
    await createRuntime(() => undefined, world.effects)(event(), invocation());
    expect(world.lines).toEqual([{ sluice: 'call', level: 'info', requestId: 'request-1', tasks: 0 }]);
  });

  it('writes a handler’s own lines with the task’s ids, which the handler cannot replace', async () => {
    const world = createWorld({ SLUICE_PIPELINE_ID: 'customer-a' });
    const handler = createRuntime(
      (_, { log }) => log.info('page read', { page: 3, pipelineId: 'other' }),
      world.effects,
    );
    await handler(event(record('m1', {})), invocation());
    expect(world.lines[0]).toEqual({
      sluice: 'log',
      level: 'info',
      message: 'page read',
      page: 3,
      pipelineId: 'customer-a',
      messageId: 'm1',
      requestId: 'request-1',
      attempt: 1,
    });
  });

  it('does not fail a task over fields that are not JSON', async () => {
    const world = createWorld();
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const handler = createRuntime((_, { log }) => {
      log.warn('circle', circle);
      log.warn('bigint', { count: 1n });
    }, world.effects);
    expect((await handler(event(record('m1', {})), invocation())).batchItemFailures).toEqual([]);
    expect(world.lines.map((line) => line.message)).toEqual(['circle', 'bigint', undefined]);
  });

  it('writes what caused an error, three levels deep, and cuts long texts', async () => {
    const world = createWorld();
    let error = new Error('root');
    for (let level = 0; level < 6; level += 1) error = new Error('x'.repeat(10_000), { cause: error });
    const handler = createRuntime(() => {
      throw error;
    }, world.effects);
    await handler(event(record('m1', {})), invocation());
    const line = JSON.stringify(world.lines[0]);
    expect(line.match(/"cause"/g)).toHaveLength(3);
    expect(line.length).toBeLessThan(40_000);
  });
});
