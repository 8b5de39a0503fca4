import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteEventSourceMappingCommand,
  DeleteFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { deadLetterQueueSpec } from '../../../core/lifecycle/target.ts';
import { pipelineNames } from '../../../core/names.ts';
import type { StatusRecord } from '../../../core/status-record.ts';
import type { Tick } from '../../../functions/reconciler/reconcile.ts';
import { eventually } from './eventually.ts';
import { type Live, live, NOTHING } from './live.ts';
import { sharedStage } from './shared-stage.ts';
import { sideBySide } from './side-by-side.ts';
import { documents, documentsOf, isSettled, type TestStage } from './test-stage.ts';

let stage: TestStage;
let isOver = false;
let ticking: Promise<void>;
const ticks: Tick[] = [];

beforeAll(async () => {
  stage = await sharedStage();
  // The schedule's minute is too long for a test.
  ticking = (async () => {
    while (!isOver) {
      ticks.push((await stage.call('sluice-test-reconciler', {})) as Tick);
      await sleep(500);
    }
  })();
  ticking.catch(() => {});
}, 120_000);

afterAll(async () => {
  isOver = true;
  await ticking;
});

describe('the reconciler', () => {
  sideBySide({
    'takes down what has expired': async () => {
      const pipelineId = 'expires';
      const expiresAt = Math.ceil(Date.now() / 1000) + 15;
      await stage.put({ pipelineId, expiresAt });
      await stage.until(pipelineId, ({ phase }) => phase === 'Deleted');
      expect(Date.now()).toBeGreaterThanOrEqual(expiresAt * 1000);
      expect(await live(stage, pipelineId)).toEqual(NOTHING);
    },

    'rests a consumer that has long been idle, and the trigger wakes it': async () => {
      const pipelineId = 'rests';
      await stage.put({ pipelineId, timeoutSeconds: 3, restWhenIdleSeconds: 300 });
      await change(pipelineId, (status) => ({ ...status, lastActivityAtMs: Date.now() - 301_000 }));
      const resting = await stage.until(pipelineId, (status) => status.resting === true && isSettled(status));
      expect(resting.phase).toBe('Active');
      expect((await live(stage, pipelineId)).mappings).toMatchObject([{ enabled: false }]);

      const sinceMs = Date.now();
      await stage.sendTasks(pipelineId, 3);
      expect(documentsOf(await stage.done(pipelineId, 3, sinceMs))).toEqual(documents(3));
      await stage.until(pipelineId, (status) => status.resting === undefined && isSettled(status));
      expect((await live(stage, pipelineId)).mappings).toMatchObject([{ enabled: true }]);
    },

    'wakes a resting consumer whose tasks came past the trigger': async () => {
      const pipelineId = 'woken';
      await stage.put({ pipelineId, timeoutSeconds: 3, restWhenIdleSeconds: 300 });
      await change(pipelineId, (status) => ({ ...status, lastActivityAtMs: Date.now() - 301_000 }));
      const { queueUrl = '' } = await stage.until(
        pipelineId,
        (status) => status.resting === true && isSettled(status),
      );
      const sinceMs = Date.now();
      await stage.queues.send(queueUrl, [{ id: '0', body: '{"document":1}' }]);
      expect(documentsOf(await stage.done(pipelineId, 1, sinceMs))).toEqual([1]);
    },

    'repairs a queue that somebody changed': () =>
      repaired({ pipelineId: 'drift-queue' }, async ({ queue }) => {
        await stage.queues.change(queue?.url ?? '', { visibilityTimeoutSeconds: 999, closed: true });
      }),

    'repairs a function that somebody changed': () =>
      repaired({ pipelineId: 'drift-function' }, async () => {
        const FunctionName = pipelineNames('test', 'drift-function').function;
        await stage.clients.lambda.send(
          new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 1024 }),
        );
      }),

    'makes a mapping anew that somebody deleted': () =>
      repaired({ pipelineId: 'drift-mapping' }, async ({ mappings }) => {
        await stage.clients.lambda.send(new DeleteEventSourceMappingCommand({ UUID: mappings[0]?.id }));
      }),

    'reserves the one unit again that somebody released': () =>
      repaired({ pipelineId: 'drift-one', concurrency: 1, timeoutSeconds: 2 }, async () => {
        const FunctionName = pipelineNames('test', 'drift-one').function;
        await stage.clients.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
      }),

    'rests a paused consumer again that somebody woke': () =>
      repaired({ pipelineId: 'drift-paused', paused: true }, async ({ mappings }) => {
        await stage.clients.lambda.send(
          new UpdateEventSourceMappingCommand({ UUID: mappings[0]?.id, Enabled: true }),
        );
      }),

    'takes over from a writer that died': async () => {
      const pipelineId = 'dead-writer';
      const { applied } = await stage.put({ pipelineId });
      const diedAtMs = Date.now() - 1000;
      await change(pipelineId, ({ applied: target, ...status }) => ({
        ...status,
        phase: 'Updating',
        dirty: true,
        lease: { owner: 'died', untilMs: diedAtMs, busyUntilMs: diedAtMs, pending: true },
        ...(target ? { applied: target } : {}),
      }));
      const mended = await stage.until(pipelineId, isSettled);
      expect(mended).toMatchObject({ phase: 'Active', dirty: false, applied });
      expect(ticks.some(({ started }) => started.deadWriter > 0)).toBe(true);
    },

    'reports what carries our tags and has no record, and leaves it alone': async () => {
      const spec = deadLetterQueueSpec('orphan', 'test');
      const made = await stage.queues.create(spec);
      if (made.kind !== 'created') throw new Error(made.kind);
      await eventually(
        () => ticks.flatMap(({ orphans }) => orphans),
        (orphans) => orphans.includes(spec.name),
        `${spec.name} is reported`,
      );
      expect(await stage.queues.read(made.url)).toBeDefined();
      await stage.queues.delete(made.url);
    },
  });

  /** Makes a pipeline, has it changed by hand, and waits until it is as it was. */
  async function repaired(
    record: { readonly pipelineId: string; readonly [field: string]: unknown },
    byHand: (made: Live) => Promise<void>,
  ): Promise<void> {
    const { pipelineId } = record;
    await stage.put(record);
    const made = await live(stage, pipelineId);
    await byHand(made);
    expect(withoutIds(await live(stage, pipelineId))).not.toEqual(withoutIds(made));
    await eventually(
      async () => JSON.stringify(withoutIds(await live(stage, pipelineId))),
      (now) => now === JSON.stringify(withoutIds(made)),
      `${pipelineId} is repaired`,
    );
    const status = await stage.until(pipelineId, isSettled);
    const [mapping, ...others] = (await live(stage, pipelineId)).mappings;
    expect(others).toEqual([]);
    expect(mapping?.id).toBe(status.eventSourceMappingId);
    expect(ticks.some(({ started }) => started.drift > 0)).toBe(true);
  }
});

/** A mapping that is made anew has another id. */
function withoutIds({ mappings, ...rest }: Live) {
  return { ...rest, mappings: mappings.map(({ id: _id, ...mapping }) => mapping) };
}

/** Changes a status as time or a crash would have; by compare-and-set, like everybody. */
async function change(pipelineId: string, to: (status: StatusRecord) => StatusRecord): Promise<void> {
  for (;;) {
    const status = await stage.until(pipelineId, isSettled);
    if ((await stage.statuses.write(to(status))) === 'written') return;
  }
}
