import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRuntime } from '../../../consumer/runtime.ts';
import type { TaskContext } from '../../../consumer/task.ts';
import { createWorld, event, invocation, record } from './world.ts';

const again = (...messageIds: string[]) => ({
  batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('the runtime', () => {
  it('answers exactly the tasks that are to come back, and runs all of a batch in order, one at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('returns', 'throws', 'unreadable')), async (kinds) => {
        const ran: number[] = [];
        let running = 0;
        const handler = createRuntime<{ at: number; kind: string }>(async (task) => {
          running += 1;
          expect(running).toBe(1);
          await Promise.resolve();
          ran.push(task.at);
          running -= 1;
          if (task.kind === 'throws') throw new Error('no');
        }, createWorld().effects);
        const records = kinds.map((kind, at) => record(`m${at}`, kind === 'unreadable' ? '{' : { at, kind }));
        const answer = await handler(event(...records), invocation());
        const failed = kinds.flatMap((kind, at) => (kind === 'throws' ? [`m${at}`] : []));
        expect(answer).toEqual(again(...failed));
        expect(ran).toEqual(kinds.flatMap((kind, at) => (kind === 'unreadable' ? [] : [at])));
      }),
    );
  });

  it('gives a handler the parsed body and says which pipeline, message and attempt it is', async () => {
    const world = createWorld();
    const seen: unknown[] = [];
    const handler = createRuntime((task, { pipelineId, messageId, attempt, deadlineMs, remainingMs }) => {
      world.pass(2_000);
      seen.push({ task, pipelineId, messageId, attempt, left: remainingMs(), deadlineMs });
    }, world.effects);
    const deadlineMs = world.effects.nowMs() + 30_000;
    world.attempts.set('m1', new Set([1, 2]));
    await handler(event(record('m1', { document: 7 }, 9)), invocation(30_000));
    expect(seen).toEqual([
      {
        task: { document: 7 },
        pipelineId: 'sluice-pipe-local-customer-a',
        messageId: 'm1',
        attempt: 3,
        left: 28_000,
        deadlineMs,
      },
    ]);
  });

  it('takes the pipelineId that the lifecycle gave the consumer, whatever the queue is called', async () => {
    const world = createWorld({ SLUICE_PIPELINE_ID: 'customer-a' });
    let pipelineId = '';
    const handler = createRuntime((_, context: TaskContext) => {
      pipelineId = context.pipelineId;
    }, world.effects);
    await handler(event(record('m1', {})), invocation());
    expect(pipelineId).toBe('customer-a');
  });

  it('gives back the tasks that may not end in time, without starting them', async () => {
    const world = createWorld();
    const ran: number[] = [];
    const handler = createRuntime<number>((task) => {
      ran.push(task);
      world.pass(4_000);
    }, world.effects);
    const records = [1, 2, 3, 4].map((task) => record(`m${task}`, task));
    // 10 s with a margin of 1 s: two of 4 s fit, a third would not.
    expect(await handler(event(...records), invocation(10_000))).toEqual(again('m3', 'm4'));
    expect(ran).toEqual([1, 2]);
    expect(world.lines.map((line) => line.fate)).toEqual(['done', 'done', 'giveBack', 'giveBack']);
  });

  it('aborts a task shortly before the deadline and says so, in time for the task to stop', async () => {
    const world = createWorld();
    const seen: unknown[] = [];
    const handler = createRuntime(async (_, { signal, remainingMs }) => {
      world.pass(28_999);
      seen.push(signal.aborted);
      world.pass(1);
      seen.push(signal.aborted, remainingMs());
      signal.throwIfAborted();
    }, world.effects);
    expect(await handler(event(record('m1', {})), invocation(30_000))).toEqual(again('m1'));
    expect(seen).toEqual([false, true, 1_000]);
    expect(world.lines[0]).toMatchObject({ sluice: 'log', level: 'warn', messageId: 'm1' });
    expect(world.lines[1]).toMatchObject({ outcome: 'threw', fate: 'retry' });
  });

  it('leaves no timer behind, however a task ends', async () => {
    const world = createWorld();
    const signals: AbortSignal[] = [];
    const handler = createRuntime<boolean>((fails, { signal }) => {
      signals.push(signal);
      if (fails) throw new Error('no');
    }, world.effects);
    await handler(event(record('m1', false), record('m2', true)), invocation());
    world.pass(60_000);
    expect(signals.map((signal) => signal.aborted)).toEqual([false, false]);
  });

  it('refuses an event that is not of SQS, in the answer and in the log', async () => {
    for (const [given, words] of [
      [{ document: 1 }, 'an object with document'],
      [{}, 'object'],
      [undefined, 'undefined'],
      ['text', 'string'],
      [{ Records: [{ Sns: {} }] }, 'an object with Records'],
    ] as const) {
      const world = createWorld();
      const handler = createRuntime(() => undefined, world.effects);
      const call = handler(given as never, invocation());
      await expect(call).rejects.toMatchObject({ code: 'NotTasks' });
      await expect(call).rejects.toThrow(`got ${words}`);
      expect(world.lines).toMatchObject([{ sluice: 'call', level: 'error', requestId: 'request-1' }]);
    }
  });

  it('survives whatever a handler throws', async () => {
    const thrown = [
      undefined,
      null,
      'text',
      Object.create(null),
      Symbol('s'),
      new Error('e', { cause: 1 }),
      0n,
    ];
    const world = createWorld();
    const handler = createRuntime<number>((at) => {
      throw thrown[at];
    }, world.effects);
    const records = thrown.map((_, at) => record(`m${at}`, at));
    expect(await handler(event(...records), invocation())).toEqual(
      again(...records.map((one) => one.messageId)),
    );
    expect(world.lines).toHaveLength(thrown.length);
  });
});
