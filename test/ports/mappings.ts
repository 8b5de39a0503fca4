import { describe, expect, it } from '@jest/globals';
import type { MappingState } from '../../aws/ports.ts';
import type { MappingSettings } from '../../core/lifecycle/differences.ts';
import type { MappingSpec } from '../../core/lifecycle/target.ts';
import { functionSpec, makeFunction, readyFunction } from './consumer-functions.ts';
import { bareSpec, makeQueue, readQueue } from './task-queues.ts';
import {
  allPages,
  type Capabilities,
  eventually,
  type GetWorld,
  itWhere,
  type PortWorld,
  permit,
} from './world.ts';

const NO_SUCH_ID = '3e7ba2a1-0000-4000-8000-000000000000';

export function describeMappings(world: GetWorld, capabilities: Capabilities): void {
  const mappings = () => world().ports.mappings;
  const leave = () => permit(world());

  describe('mappings', () => {
    it.each([
      [true, 'Enabled'],
      [false, 'Disabled'],
    ])('creates a mapping as specified: enabled %j ends in %s', async (enabled, state) => {
      const { spec, created } = await makeMapping(world(), { enabled });
      const { tags: _tags, ...wanted } = spec;
      expect(created).toMatchObject({ functionName: spec.functionName, queueArn: spec.queueArn });
      expect(await settled(world(), created.id)).toEqual({ ...wanted, id: created.id, state });
    });

    it('finds the mapping of a function and a queue, and no other', async () => {
      const { spec, created } = await makeMapping(world());
      const other = await makeMapping(world());
      expect((await mappings().find(spec.functionName, spec.queueArn, leave()))?.id).toBe(created.id);
      expect(await mappings().find(spec.functionName, other.spec.queueArn, leave())).toBeUndefined();
    });

    it('answers notReady while the function is not there', async () => {
      const { queueArn, ...spec } = await mappingSpec(world());
      const functionName = functionSpec(world()).name;
      const answer = await mappings().create({ ...spec, functionName, queueArn }, leave());
      expect(answer).toMatchObject({ kind: 'notReady', reason: expect.stringMatching(/./) });
      expect(await mappings().find(functionName, queueArn, leave())).toBeUndefined();
    });

    it('answers exists, and which, for a pair that has a mapping', async () => {
      const { spec, created } = await makeMapping(world());
      expect(await mappings().create(spec, leave())).toEqual({ kind: 'exists', id: created.id });
    });

    it.each<[string, Partial<MappingSettings>]>([
      ['enabled', { enabled: false }],
      ['maximumConcurrency', { maximumConcurrency: 17 }],
      ['batchSize', { batchSize: 7 }],
      ['batchWindowSeconds', { batchWindowSeconds: 9 }],
      ['all at once', { enabled: false, maximumConcurrency: 1000, batchSize: 100, batchWindowSeconds: 300 }],
    ])('changes what is named and nothing else: %s', async (_what, change) => {
      const { created } = await makeMapping(world());
      const before = await settled(world(), created.id);
      const answer = await mappings().change(created.id, change, leave());
      expect(answer).toMatchObject({ kind: 'done', mapping: { id: created.id } });
      const { state, ...after } = await settled(world(), created.id);
      expect({ ...after, state: before.state }).toEqual({ ...before, ...change });
      expect(state).toBe(change.enabled === false ? 'Disabled' : 'Enabled');
    });

    it('takes a change that changes nothing', async () => {
      const { spec, created } = await makeMapping(world());
      await settled(world(), created.id);
      expect(await mappings().change(created.id, { enabled: spec.enabled }, leave())).toMatchObject({
        kind: 'done',
      });
    });

    itWhere(capabilities.timesMappings)(
      'answers inUse to a change of a mapping that is changing',
      async () => {
        const { created } = await makeMapping(world());
        expect(await mappings().change(created.id, { batchSize: 2 }, leave())).toEqual({ kind: 'inUse' });
        await settled(world(), created.id);
        await mappings().delete(created.id, leave());
        expect(await mappings().change(created.id, { batchSize: 2 }, leave())).toEqual({ kind: 'inUse' });
        expect(await mappings().delete(created.id, leave())).toBe('inUse');
      },
    );

    it('is deleted, in its own time, and then gone', async () => {
      const { spec, created } = await makeMapping(world());
      await settled(world(), created.id);
      expect(await mappings().delete(created.id, leave())).toBe('deleting');
      await eventually(
        world(),
        async () => (await mappings().read(created.id, leave())) === undefined,
        300_000,
      );
      expect(await mappings().find(spec.functionName, spec.queueArn, leave())).toBeUndefined();
      expect(await mappings().delete(created.id, leave())).toBe('gone');
      expect(await mappings().change(created.id, { enabled: true }, leave())).toEqual({ kind: 'gone' });
    });

    it('knows no mapping that was never made', async () => {
      expect(await mappings().read(NO_SUCH_ID, leave())).toBeUndefined();
      expect(await mappings().delete(NO_SUCH_ID, leave())).toBe('gone');
    });

    it('outlives its function', async () => {
      const { spec, created } = await makeMapping(world());
      await settled(world(), created.id);
      await world().ports.functions.delete(spec.functionName, leave());
      expect((await mappings().read(created.id, leave()))?.id).toBe(created.id);
    });

    it('is shown once, page by page', async () => {
      const made = [await makeMapping(world()), await makeMapping(world())];
      const seen = await allPages((cursor) => mappings().page(cursor, leave()));
      const ids = seen.map((mapping) => mapping.id);
      expect(ids).toEqual(expect.arrayContaining(made.map(({ created }) => created.id)));
      expect(new Set(ids).size).toBe(ids.length);
    });
  });
}

/** A mapping between a function and a queue that are there. */
async function mappingSpec(world: PortWorld, change: Partial<MappingSpec> = {}): Promise<MappingSpec> {
  const { spec } = await makeFunction(world);
  await readyFunction(world, spec.name);
  const { arn } = await readQueue(world, await makeQueue(world, bareSpec(world)));
  return {
    functionName: spec.name,
    queueArn: arn,
    enabled: true,
    maximumConcurrency: 5,
    batchSize: 1,
    batchWindowSeconds: 0,
    partialFailures: true,
    tags: spec.tags,
    ...change,
  };
}

async function makeMapping(world: PortWorld, change: Partial<MappingSpec> = {}) {
  const spec = await mappingSpec(world, change);
  const answer = await world.ports.mappings.create(spec, permit(world));
  if (answer.kind !== 'created') throw new Error(`${spec.functionName}: ${answer.kind}`);
  return { spec, created: answer.mapping };
}

/** Waits until a mapping is on or off for good. */
function settled(world: PortWorld, id: string): Promise<MappingState> {
  return eventually(
    world,
    async () => {
      const mapping = await world.ports.mappings.read(id, permit(world));
      return (mapping?.state === 'Enabled' || mapping?.state === 'Disabled') && mapping;
    },
    300_000,
  );
}
