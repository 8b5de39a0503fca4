import { describe, expect, it } from '@jest/globals';
import { createRuntime } from '../../../consumer/runtime.ts';
import type { LookedUp, Reference } from '../../../core/references.ts';
import { createWorld, event, invocation, record } from './world.ts';

const answers: Record<string, LookedUp> = {
  '/app/key': { kind: 'found', value: 'k-123' },
  'app/password': { kind: 'found', value: 'secret:looks-like-one' },
};
const answer = (reference: Reference): LookedUp =>
  answers[reference.kind === 'parameter' ? reference.path : reference.id] ?? {
    kind: 'failed',
    reason: 'not there',
  };

const tasks = event(record('m1', {}));

describe('references of the environment', () => {
  it('have their values before the first task, are looked up once, and plain variables stay', async () => {
    const environment = {
      KEY: 'ssm:/app/key',
      PASSWORD: 'secret:app/password',
      PLAIN: 'plain',
      NONE: undefined,
    };
    const world = createWorld(environment, answer);
    const seen: unknown[] = [];
    const handler = createRuntime(() => seen.push({ ...environment }), world.effects);
    await handler(tasks, invocation());
    await handler(tasks, invocation());
    const resolved = { KEY: 'k-123', PASSWORD: 'secret:looks-like-one', PLAIN: 'plain', NONE: undefined };
    expect(seen).toEqual([resolved, resolved]);
    expect(world.asked).toHaveLength(1);
  });

  it('are not looked for where there are none', async () => {
    const world = createWorld({ PLAIN: 'plain' }, answer);
    await createRuntime(() => undefined, world.effects)(tasks, invocation());
    expect(world.asked).toEqual([]);
  });

  it('that have no value fail the call before any task, by name and reference, never with a value', async () => {
    const environment = { SLUICE_PIPELINE_ID: 'customer-a', KEY: 'ssm:/app/key', OTHER: 'secret:gone' };
    const world = createWorld(environment, answer);
    let ran = 0;
    const handler = createRuntime(() => {
      ran += 1;
    }, world.effects);
    const call = handler(tasks, invocation());
    await expect(call).rejects.toMatchObject({ code: 'UnresolvedReference', variables: ['OTHER'] });
    await expect(call).rejects.toThrow('environment.OTHER must be resolvable, got secret:gone: not there');
    expect(ran).toBe(0);
    expect(environment.KEY).toBe('ssm:/app/key');
    expect(JSON.stringify(world.lines)).not.toContain('k-123');
    const atMs = world.effects.nowMs();
    expect(world.lines).toMatchObject([
      { sluice: 'call', level: 'error', pipelineId: 'customer-a', startedAtMs: atMs, endedAtMs: atMs },
    ]);
  });

  it('are looked up again at the next call after a failure', async () => {
    const world = createWorld({ OTHER: 'secret:late' }, answer);
    const handler = createRuntime(() => undefined, world.effects);
    await expect(handler(tasks, invocation())).rejects.toThrow('secret:late');
    answers.late = { kind: 'found', value: 'now' };
    expect(await handler(tasks, invocation())).toEqual({ batchItemFailures: [] });
    expect(world.effects.environment.OTHER).toBe('now');
  });

  it('are given up shortly before the deadline', async () => {
    const world = createWorld({ OTHER: 'secret:slow' });
    const effects = {
      ...world.effects,
      lookUp: async (_: unknown, signal: AbortSignal) => {
        world.pass(29_000);
        signal.throwIfAborted();
        return [];
      },
    };
    await expect(createRuntime(() => undefined, effects)(tasks, invocation())).rejects.toThrow(
      'time is nearly over',
    );
  });
});
