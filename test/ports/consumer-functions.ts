import { describe, expect, it } from '@jest/globals';
import type { FunctionState } from '../../aws/ports.ts';
import { LAMBDA_UNRESERVED_MIN } from '../../core/aws-limits.ts';
import type { CodeRef, FunctionSpec } from '../../core/lifecycle/target.ts';
import { ownerTags, pipelineNames } from '../../core/names.ts';
import { consumerSpec } from './consumer-spec.ts';
import {
  allPages,
  type Capabilities,
  eventually,
  freshId,
  type GetWorld,
  itWhere,
  type PortWorld,
  permit,
} from './world.ts';

export function describeFunctions(world: GetWorld, capabilities: Capabilities): void {
  const functions = () => world().ports.functions;
  const leave = () => permit(world());

  describe('consumer functions', () => {
    it('creates a function as specified, with its tags, and it becomes Active', async () => {
      const { spec, created } = await makeFunction(world());
      const { name, tags, architecture: _architecture, ...settings } = spec;
      const state = await readyFunction(world(), name);
      expect(state).toMatchObject({ ...settings, state: 'Active', lastUpdate: 'Successful' });
      expect(state.tags).toEqual(tags);
      expect(state.arn).toMatch(new RegExp(`:function:${name}$`));
      expect(state.codeSha256).toBe(created.codeSha256);
      expect(state).not.toHaveProperty('reservedConcurrency');
    });

    it('keeps an empty environment empty', async () => {
      const { spec } = await makeFunction(world(), { environment: {} });
      expect((await readyFunction(world(), spec.name)).environment).toEqual({});
    });

    it('answers exists for a name that is taken, and leaves what is there alone', async () => {
      const { spec, code } = await makeFunction(world());
      expect(await functions().create({ ...spec, memoryMb: 512 }, code, leave())).toEqual({ kind: 'exists' });
      expect((await readyFunction(world(), spec.name)).memoryMb).toBe(spec.memoryMb);
    });

    it.each<[keyof FunctionSpec, unknown]>([
      ['handler', 'other.run'],
      ['timeoutSeconds', 60],
      ['memoryMb', 512],
      ['environment', { ONLY: 'this' }],
      ['environment', {}],
      ['tracing', true],
      ['logGroup', '/other'],
    ])('configures %s to %j and nothing else', async (field, value) => {
      const { spec } = await makeFunction(world());
      const before = await readyFunction(world(), spec.name);
      expect(await functions().configure({ ...spec, [field]: value }, leave())).toBe('done');
      expect(await readyFunction(world(), spec.name)).toEqual({ ...before, [field]: value });
    });

    it('runs other code after an update, and says which', async () => {
      const { spec, created } = await makeFunction(world());
      await readyFunction(world(), spec.name);
      const next = await world().putCode(freshId(), 'next release');
      const answer = await functions().updateCode(spec, next, leave());
      const state = await readyFunction(world(), spec.name);
      expect(answer).toEqual({ kind: 'done', codeSha256: state.codeSha256 });
      expect(state.codeSha256).not.toBe(created.codeSha256);
    });

    it('runs the version of the code that is named, not the newest', async () => {
      const key = freshId();
      const first = await world().putCode(key, 'first');
      const second = await world().putCode(key, 'second');
      const onFirst = await makeFunction(world(), {}, first);
      const onSecond = await makeFunction(world(), {}, second);
      expect(first.version).not.toBe(second.version);
      expect(onFirst.created.codeSha256).not.toBe(onSecond.created.codeSha256);
      await readyFunction(world(), onSecond.spec.name);
      const back = await functions().updateCode(onSecond.spec, first, leave());
      expect(back).toEqual({ kind: 'done', codeSha256: onFirst.created.codeSha256 });
    });

    it('answers noCode to an update with an object that is not there, and goes on as it was', async () => {
      const { spec, code } = await makeFunction(world());
      const before = await readyFunction(world(), spec.name);
      expect(await functions().updateCode(spec, { ...code, key: 'no/such' }, leave())).toEqual({
        kind: 'noCode',
      });
      expect(await readyFunction(world(), spec.name)).toEqual(before);
    });

    itWhere(capabilities.refusesMissingCode)(
      'answers noCode to a create with an object that is not there',
      async () => {
        const spec = functionSpec(world());
        expect(await functions().create(spec, { key: 'no/such', version: 'v' }, leave())).toEqual({
          kind: 'noCode',
        });
        expect(await functions().read(spec.name)).toBeUndefined();
      },
    );

    itWhere(capabilities.refusesWhileBusy)(
      'answers busy to a change of a function that is not ready',
      async () => {
        const { spec, code } = await makeFunction(world());
        expect(await functions().configure(spec, leave())).toBe('busy');
        expect(await functions().updateCode(spec, code, leave())).toEqual({ kind: 'busy' });
        await readyFunction(world(), spec.name);
        expect(await functions().configure({ ...spec, memoryMb: 512 }, leave())).toBe('done');
        expect(await functions().updateCode(spec, code, leave())).toEqual({ kind: 'busy' });
      },
    );

    it('reserves one unit of concurrency and releases it, each as often as asked', async () => {
      const { spec } = await makeFunction(world());
      await readyFunction(world(), spec.name);
      for (let time = 0; time < 2; time += 1) {
        expect(await functions().reserveOne(spec.name, leave())).toBe('done');
        expect((await functions().read(spec.name))?.reservedConcurrency).toBe(1);
      }
      for (let time = 0; time < 2; time += 1) {
        expect(await functions().releaseReservation(spec.name, leave())).toBe('done');
        expect(await functions().read(spec.name)).not.toHaveProperty('reservedConcurrency');
      }
    });

    itWhere(capabilities.boundsReservations)(
      'answers noRoom when the account has no unit left to reserve',
      async () => {
        const { unreservedConcurrency } = await world().ports.account.read(leave());
        const free = unreservedConcurrency - LAMBDA_UNRESERVED_MIN;
        const answers: string[] = [];
        for (let made = 0; made <= free; made += 1) {
          const { spec } = await makeFunction(world());
          await readyFunction(world(), spec.name);
          answers.push(await functions().reserveOne(spec.name, leave()));
        }
        expect(answers).toEqual([...Array.from({ length: free }, () => 'done'), 'noRoom']);
      },
    );

    it('runs a function once and answers what it returns', async () => {
      const { spec } = await makeFunction(world());
      await readyFunction(world(), spec.name);
      expect(await functions().invoke(spec.name, { Records: [] })).toEqual({
        kind: 'returned',
        payload: expect.objectContaining({ batchItemFailures: [] }),
      });
    });

    it('says with what a function failed', async () => {
      const code = await world().putCode(freshId(), 'no such table', 'failing');
      const { spec } = await makeFunction(world(), {}, code);
      await readyFunction(world(), spec.name);
      expect(await functions().invoke(spec.name, { Records: [] })).toEqual({
        kind: 'failed',
        error: expect.stringContaining('no such table'),
      });
    });

    itWhere(capabilities.refusesWhileBusy)(
      'answers busy to a call of a function that is not ready',
      async () => {
        const { spec } = await makeFunction(world());
        expect(await functions().invoke(spec.name, {})).toEqual({ kind: 'busy' });
      },
    );

    it('says that what was deleted is gone', async () => {
      const { spec, code } = await makeFunction(world());
      await readyFunction(world(), spec.name);
      expect(await functions().delete(spec.name, leave())).toBe('deleted');
      expect(await functions().read(spec.name)).toBeUndefined();
      expect(await functions().delete(spec.name, leave())).toBe('gone');
      expect(await functions().configure(spec, leave())).toBe('gone');
      expect(await functions().updateCode(spec, code, leave())).toEqual({ kind: 'gone' });
      expect(await functions().reserveOne(spec.name, leave())).toBe('gone');
      expect(await functions().releaseReservation(spec.name, leave())).toBe('gone');
      expect(await functions().invoke(spec.name, {})).toEqual({ kind: 'gone' });
    });

    it('shows every function once, page by page', async () => {
      const made = [await makeFunction(world()), await makeFunction(world())];
      const names = await allPages((cursor) => functions().page(cursor, leave()));
      expect(names).toEqual(expect.arrayContaining(made.map(({ spec }) => spec.name)));
      expect(new Set(names).size).toBe(names.length);
    });
  });

  describe('account', () => {
    it('says what it allows', async () => {
      const limits = await world().ports.account.read(leave());
      expect(limits.concurrency).toBeGreaterThan(0);
      expect(limits.unreservedConcurrency).toBeGreaterThan(0);
      expect(limits.unreservedConcurrency).toBeLessThanOrEqual(limits.concurrency);
      expect(limits.codeBytesAllowed).toBeGreaterThan(limits.codeBytesUsed);
    });
  });
}

export function functionSpec(world: PortWorld, change: Partial<FunctionSpec> = {}): FunctionSpec {
  const id = freshId();
  return consumerSpec(pipelineNames(world.stage, id).function, world.consumers, {
    memoryMb: 256,
    environment: { SLUICE_PIPELINE_ID: id, EMPTY: '' },
    tags: ownerTags(world.stage, id),
    ...change,
  });
}

export async function makeFunction(world: PortWorld, change: Partial<FunctionSpec> = {}, code?: CodeRef) {
  const spec = functionSpec(world, change);
  const ref = code ?? (await world.putCode('consumer.zip', 'release'));
  const created = await world.ports.functions.create(spec, ref, permit(world));
  if (created.kind !== 'created') throw new Error(`${spec.name}: ${created.kind}`);
  return { spec, code: ref, created };
}

/** Waits until a function is Active and its last update is over. */
export function readyFunction(world: PortWorld, name: string): Promise<FunctionState> {
  return eventually(world, async () => {
    const state = await world.ports.functions.read(name);
    return state?.state === 'Active' && state.lastUpdate === 'Successful' && state;
  });
}
