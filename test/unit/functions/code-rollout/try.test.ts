import { describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../../aws/ports.ts';
import type { FunctionSpec } from '../../../../core/lifecycle/target.ts';
import { trialTags } from '../../../../core/names.ts';
import type { Archive } from '../../../../core/release/package.ts';
import { soundArchive } from '../../../../lab/simulator/world/code-bucket.ts';
import { STAGE } from '../../../../lab/simulator/world/world.ts';
import { dyingAfter } from '../dying.ts';
import { KEY, recordOf, steps } from './fleet.ts';
import { checked, FINGERPRINT, isThere, otherwise, TRIAL } from './trial.ts';

describe('a release is tried', () => {
  it('on a function of its own, with our tags, that is gone afterwards', async () => {
    const world = await checked();
    const made: FunctionSpec[] = [];
    const outcome = await steps(
      world,
      ['TryRelease'],
      {},
      {
        ports: otherwise((functions) => ({
          create(spec, code, permit) {
            made.push(spec);
            return functions.create(spec, code, permit);
          },
        })),
      },
    );
    expect(outcome).toBe('done');
    expect(made).toMatchObject([
      {
        name: TRIAL,
        tags: trialTags(STAGE, FINGERPRINT),
        handler: world.settings.consumers.handler,
        environment: { SLUICE_STAGE: STAGE, SLUICE_PIPELINE_ID: 'trial', SLUICE_MAX_ATTEMPTS: '1' },
      },
    ]);
    expect(isThere(world)).toBe(false);
    expect(recordOf(world).state).toBe('Checking');
  });

  it.each<[string, Archive, unknown, Readonly<Record<string, string>>]>([
    ['without tasks, where it names no event', soundArchive(KEY, 'v2'), { Records: [] }, {}],
    [
      'with the event and the environment that it names',
      {
        ...(soundArchive(KEY, 'v2') as Extract<Archive, { kind: 'read' }>),
        texts: {
          'sluice.json': '{"smokeEvent":"e.json","smokeEnvironment":{"TABLE":"none"}}',
          'e.json': '{"Records":[{"body":"{}"}]}',
        },
      },
      { Records: [{ body: '{}' }] },
      { TABLE: 'none' },
    ],
  ])('%s', async (_title, archive, event, environment) => {
    const world = await checked({ archive });
    const calls: unknown[] = [];
    await steps(
      world,
      ['TryRelease'],
      {},
      {
        ports: otherwise((functions) => ({
          invoke(name, given) {
            calls.push([name, given, world.functions.byName.get(name)?.settings.environment]);
            return functions.invoke(name, given);
          },
        })),
      },
    );
    expect(calls).toEqual([[TRIAL, event, expect.objectContaining(environment)]]);
  });

  it('without a further download while its function is being made', async () => {
    const world = await checked();
    let downloads = 0;
    let looks = 0;
    const slow = otherwise((functions) => ({
      async read(name) {
        const actual = await functions.read(name);
        if (actual === undefined) return actual;
        looks += 1;
        return looks <= 5 ? { ...actual, state: 'Pending' } : actual;
      },
    }));
    const ports = (given: Ports): Ports => ({
      ...slow(given),
      code: Object.assign(Object.create(given.code), {
        archive(key: string, version: string) {
          downloads += 1;
          return given.code.archive(key, version);
        },
      }),
    });
    expect(await steps(world, ['TryRelease'], {}, { ports })).toBe('done');
    expect(looks).toBeGreaterThan(5);
    // To make it, and to run it.
    expect(downloads).toBe(2);
  });

  it('once, however long its function cannot be deleted', async () => {
    const world = await checked();
    const trials: string[] = [];
    let busy = 3;
    const outcome = await steps(
      world,
      ['TryRelease'],
      {},
      {
        ports: otherwise((functions) => ({
          invoke(name, event) {
            trials.push(name);
            return functions.invoke(name, event);
          },
          async delete(name, permit) {
            busy -= 1;
            return busy < 0 ? functions.delete(name, permit) : 'busy';
          },
        })),
      },
    );
    expect([outcome, trials.length, isThere(world)]).toEqual(['done', 1, false]);
  });

  it('as soon as the consumers’ role can be assumed, and not for longer than a new role takes', async () => {
    const world = await checked();
    let notReady = 3;
    const late = otherwise((functions) => ({
      async create(spec, code, permit) {
        notReady -= 1;
        return notReady < 0 ? functions.create(spec, code, permit) : { kind: 'notReady' };
      },
    }));
    expect(await steps(world, ['TryRelease'], {}, { ports: late })).toBe('done');

    const never = otherwise(() => ({ create: async () => ({ kind: 'notReady' }) }));
    const beganMs = world.nowMs();
    const answer = steps(world, ['TryRelease'], {}, { ports: never });
    await expect(answer).rejects.toThrow(`could not assume the consumers' role`);
    expect(world.nowMs() - beganMs).toBeGreaterThan(120_000);
    expect(world.nowMs() - beganMs).toBeLessThan(150_000);
  });

  it('once more after a crash at any point, and leaves no function', async () => {
    for (let calls = 1; ; calls += 1) {
      const world = await checked();
      const dying = dyingAfter(calls);
      const crashed = await steps(world, ['TryRelease'], {}, { ports: dying }).then(
        () => false,
        () => true,
      );
      expect(await steps(world, ['TryRelease'])).toBe('done');
      expect(isThere(world)).toBe(false);
      if (!crashed) return;
      expect(calls).toBeLessThan(60);
    }
  });
});
