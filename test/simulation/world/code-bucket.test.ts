import { describe, expect, it } from '@jest/globals';
import { CODE_KEY } from '../../../lab/simulator/world/world.ts';
import { functionSpec, makePipeline, makeWorld, sendTo } from './pipelines.ts';

describe('the simulated code bucket', () => {
  it('keeps every version, newest first, and says when each was uploaded', async () => {
    const world = makeWorld();
    await world.pass(60);
    world.code.put(CODE_KEY, 'v3');
    const { items } = world.code.versions(CODE_KEY);
    expect(items.map(({ version, isCurrent }) => [version, isCurrent])).toEqual([
      ['v3', true],
      ['v2', false],
      ['v1', false],
    ]);
    expect(world.code.head(CODE_KEY)?.uploadedAtMs).toBe(world.nowMs());
    expect(world.code.head(CODE_KEY, 'v1')?.uploadedAtMs).toBe(world.nowMs() - 60_000);
  });

  it('hides an object behind a delete marker, and keeps its versions', () => {
    const world = makeWorld();
    world.code.remove(CODE_KEY);
    expect(world.code.head(CODE_KEY)).toBeUndefined();
    expect(world.code.head(CODE_KEY, 'v1')).toMatchObject({ version: 'v1' });
    const [marker] = world.code.versions(CODE_KEY).items;
    expect(marker).toMatchObject({ isDeleteMarker: true, isCurrent: true });
    world.code.deleteVersion(CODE_KEY, marker?.version ?? '');
    expect(world.code.head(CODE_KEY)).toMatchObject({ version: 'v2' });
  });

  it('forgets one version for good when it is deleted, however often', () => {
    const world = makeWorld();
    world.code.deleteVersion(CODE_KEY, 'v2');
    world.code.deleteVersion(CODE_KEY, 'v2');
    expect(world.code.head(CODE_KEY)).toMatchObject({ version: 'v1' });
    expect(world.code.archive(CODE_KEY, 'v2')).toBeUndefined();
  });

  it('holds sound zips, unless an upload says otherwise', () => {
    const world = makeWorld();
    expect(world.code.archive(CODE_KEY, 'v1')).toMatchObject({
      kind: 'read',
      files: [{ name: 'index.mjs' }],
    });
    const archive = { kind: 'unreadable', reason: 'no zip' } as const;
    world.code.put(CODE_KEY, 'v3', { archive });
    expect(world.code.archive(CODE_KEY, 'v3')).toEqual(archive);
  });
});

describe('a version of consumer code', () => {
  it('fails its share of the tasks, in every attempt', async () => {
    const world = makeWorld();
    world.code.put(CODE_KEY, 'half', { fails: 0.5 });
    await makePipeline(world, 'q', { mapping: { maximumConcurrency: 50 } });
    world.functions.updateCode(functionSpec('q'), { key: CODE_KEY, version: 'half' });
    await world.pass(3);
    sendTo(world, 'q', 200, 1);
    await world.pass(110);
    const outcomes = new Map<string, string[]>();
    for (const { taskId, outcome } of world.book.runs) {
      outcomes.set(taskId, [...(outcomes.get(taskId) ?? []), outcome]);
    }
    expect(outcomes.size).toBe(200);
    const failing = [...outcomes.values()].filter((all) => all.includes('failed'));
    expect(failing.length).toBeGreaterThan(70);
    expect(failing.length).toBeLessThan(130);
    for (const all of failing) {
      expect(all.length).toBeGreaterThan(1);
      expect(new Set(all)).toEqual(new Set(['failed']));
    }
  });

  it('takes as many times as long as it says, and runs into the timeout where it must', async () => {
    const world = makeWorld();
    world.code.put(CODE_KEY, 'slow', { slowdown: 4 });
    await makePipeline(world, 'q', { consumer: { timeoutSeconds: 10 } });
    world.functions.updateCode(functionSpec('q', { timeoutSeconds: 10 }), { key: CODE_KEY, version: 'slow' });
    await world.pass(3);
    sendTo(world, 'q', 1, 2);
    sendTo(world, 'q', 1, 3);
    await world.pass(20);
    expect(world.book.runs.map(({ outcome }) => outcome)).toEqual(['succeeded', 'timedOut']);
    const [first] = world.book.runs;
    expect((first?.endedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBe(8_000);
  });

  it('is what a single call of its function runs, once the function is Active', async () => {
    const world = makeWorld();
    world.code.put(CODE_KEY, 'bad', { trialFails: 'no such module' });
    expect(world.functions.invoke('f')).toEqual({ kind: 'gone' });
    world.functions.create(functionSpec('f'), { key: CODE_KEY, version: 'bad' });
    world.functions.create(functionSpec('g'), { key: CODE_KEY, version: 'v1' });
    expect(world.functions.invoke('f')).toEqual({ kind: 'busy' });
    await world.pass(3);
    expect(world.functions.invoke('f')).toEqual({ kind: 'failed', error: 'no such module' });
    expect(world.functions.invoke('g')).toMatchObject({ kind: 'returned' });
  });
});
