import { beforeAll, describe, expect, it } from '@jest/globals';
import { configRecordSchema } from '../../../core/config-record/schema.ts';
import { pipelineNames } from '../../../core/names.ts';
import type { StatusRecord } from '../../../core/status-record.ts';
import { BASE, EDIT_CASES, type EditCase } from './edit-cases.ts';
import { type Live, live } from './live.ts';
import { sharedStage } from './shared-stage.ts';
import type { TestStage } from './test-stage.ts';

interface Seen {
  readonly status: StatusRecord;
  readonly live: Live;
}

let stage: TestStage;
const before = new Map<string, Seen>();
const after = new Map<string, Seen>();

const idOf = ({ name }: EditCase) => `edit-${name.replaceAll(' ', '-')}`;

/** All pipelines side by side: it takes as long as the slowest. */
function putAll(records: (one: EditCase) => Readonly<Record<string, unknown>>, seen: Map<string, Seen>) {
  return Promise.all(
    EDIT_CASES.map(async (one) => {
      const pipelineId = idOf(one);
      const status = await stage.put({ pipelineId, ...records(one) });
      seen.set(pipelineId, { status, live: await live(stage, pipelineId) });
    }),
  );
}

beforeAll(async () => {
  stage = await sharedStage();
  await putAll(({ from }) => ({ ...BASE, ...from }), before);
  await putAll(({ from, to }) => ({ ...BASE, ...from, ...to }), after);
}, 240_000);

describe('an edit of a field', () => {
  it.each(EDIT_CASES)('reaches what it is about and nothing else: $name', (one) => {
    const was = before.get(idOf(one));
    const is = after.get(idOf(one));
    expect(is?.live).toEqual(expected(was?.live, one));
  });

  it.each(EDIT_CASES)('shows in the status: $name', (one) => {
    const was = before.get(idOf(one))?.status;
    const is = after.get(idOf(one))?.status;
    expect(is?.phase).toBe(one.to.paused ? 'Paused' : 'Active');
    expect(is?.configHash).not.toBe(was?.configHash);
    expect(Date.parse(is?.updatedAt ?? '')).toBeGreaterThan(Date.parse(was?.updatedAt ?? ''));
    expect(is?.error).toBeUndefined();
  });

  it('is tested for every field there is', () => {
    const edited = new Set(EDIT_CASES.flatMap(({ to }) => Object.keys(to)));
    const others = Object.keys(configRecordSchema.shape).filter((field) => !edited.has(field));
    expect(others.sort()).toEqual(['codeKey', 'codeVersion', 'pipelineId']);
  });
});

describe('an edit of the timeout', () => {
  it('never has a queue hide its tasks for less than they may run', async () => {
    const pipelineId = 'edit-order';
    const names = pipelineNames('test', pipelineId);
    await stage.put({ pipelineId, timeoutSeconds: 2 });
    const url = (await stage.queues.find(names.queue)) ?? '';
    const seen = new Set<string>();
    // The one that changes first when it grows is read last, and the other way round.
    const timeout = async () => (await stage.ports.functions.read(names.function))?.timeoutSeconds ?? 0;
    const visibility = async () => (await stage.queues.read(url))?.visibilityTimeoutSeconds ?? 0;
    const watch = async (edit: Promise<StatusRecord>, isRaised: boolean) => {
      let isOver = false;
      const over = edit.finally(() => {
        isOver = true;
      });
      while (!isOver) {
        const first = isRaised ? await timeout() : await visibility();
        const second = isRaised ? await visibility() : await timeout();
        const [timeoutSeconds, visibilitySeconds] = isRaised ? [first, second] : [second, first];
        expect(visibilitySeconds).toBeGreaterThanOrEqual(timeoutSeconds);
        seen.add(`${visibilitySeconds} ${timeoutSeconds}`);
      }
      await over;
    };
    await watch(stage.put({ pipelineId, timeoutSeconds: 100 }), true);
    await watch(stage.put({ pipelineId, timeoutSeconds: 2 }), false);
    // Also in between, each time.
    expect([...seen].sort()).toEqual(['12 2', '600 100', '600 2']);
  }, 60_000);
});

/** A value that is undefined must not be there. */
function expected(was: Live | undefined, one: EditCase): unknown {
  if (was?.queue === undefined || was.consumer === undefined) return undefined;
  const { environment } = was.consumer;
  const ownVariables = Object.entries(environment).filter(([name]) => name.startsWith('SLUICE_'));
  const redrive = was.queue.redrive && {
    ...was.queue.redrive,
    ...(one.redrive === undefined ? {} : { maxReceiveCount: one.redrive }),
  };
  return {
    queue: { ...was.queue, ...one.queue, ...(redrive ? { redrive } : {}) },
    deadLetters: was.deadLetters,
    consumer: {
      ...was.consumer,
      ...one.consumer,
      environment: one.environment
        ? { ...Object.fromEntries(ownVariables), ...one.environment }
        : environment,
    },
    mappings: was.mappings.map((mapping) => ({ ...mapping, ...one.mapping })),
  };
}
