import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RedriveRecord, redriveFact } from '../../core/redrive/record.ts';
import { Chance } from '../../lab/simulator/chance.ts';
import { CALL_FAULTS, type FaultPlan } from '../../lab/simulator/world/faults.ts';
import { taskPlaces } from '../../lab/simulator/world/people.ts';
import { askForRedrive } from '../../lab/simulator/world/redrive-function.ts';
import { CODE_KEY, World } from '../../lab/simulator/world/world.ts';

/** What befalls one pipeline and its dead letters. */
type Deed =
  | { readonly kind: 'send'; readonly count: number; readonly seconds: number; readonly failures: number }
  | { readonly kind: 'redrive'; readonly request: Readonly<Record<string, unknown>> }
  | { readonly kind: 'edit'; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'remove' }
  /** Stops whatever drives a redrive. */
  | { readonly kind: 'abort' };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      count: fc.integer({ min: 1, max: 30 }),
      seconds: fc.constantFrom(0.2, 1, 4),
      failures: fc.constantFrom(0, 1, 2, 3, 1000, 1000),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('redrive' as const),
      request: fc.constantFrom(
        {},
        { reason: 'maxAttempts' },
        { reason: 'maxReceiveCount' },
        { first: 5 },
        { maxRedrives: 1 },
        { dryRun: true },
        { stop: true },
        { status: true },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      fields: fc.constantFrom({ concurrency: 1 }, { concurrency: 6 }, { paused: true }, { paused: false }),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Deed>({ kind: 'remove' }, { kind: 'abort' }) },
);

interface Story {
  readonly seed: number;
  readonly deeds: readonly (readonly [afterSeconds: number, deed: Deed])[];
  /** Faults per thousand calls of the redrive's function, and runs of it. */
  readonly permille: number;
}

const story: fc.Arbitrary<Story> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  deeds: fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), deed), { minLength: 1, maxLength: 14 }),
  permille: fc.constantFrom(0, 30, 150),
});

/** Everything goes wrong now and then for the function that redrives, and for no other. */
function faultsOf(seed: number, permille: number): FaultPlan {
  const chance = new Chance(seed, 'faults of redrives');
  const strikes = (functionName: string) => functionName === 'redrive' && chance.happens(permille / 1000);
  return {
    ofCall: ({ functionName }) =>
      strikes(functionName) ? CALL_FAULTS[chance.whole(0, CALL_FAULTS.length - 1)] : undefined,
    ofRun: (functionName) => (strikes(functionName) ? 'abandoned' : undefined),
  };
}

const record = {
  pipelineId: 'a',
  timeoutSeconds: 5,
  visibilityTimeoutSeconds: 30,
  maxAttempts: 2,
  maxReceiveCount: 4,
};

async function tell({ seed, deeds, permille }: Story): Promise<World> {
  const world = new World({ seed, faults: faultsOf(seed, permille) });
  world.code.put(CODE_KEY, 'v1');
  world.admit(CODE_KEY, 'v1');
  world.configs.put('a', record);
  await world.pass(300);
  for (const [afterSeconds, one] of deeds) {
    await world.pass(afterSeconds);
    switch (one.kind) {
      case 'send':
        world.send('a', one.count, one);
        break;
      case 'redrive':
        askForRedrive(world, { pipelineId: 'a', ...one.request });
        break;
      case 'edit':
        world.configs.put('a', { ...(world.configs.records.get('a') ?? record), ...one.fields });
        break;
      case 'remove':
        world.configs.remove('a');
        break;
      case 'abort':
        for (const execution of world.redrives.running) execution.abort();
        break;
    }
  }
  return world;
}

const redriveOf = (world: World) => world.ledgers.read(redriveFact('a'))?.value as RedriveRecord | undefined;

describe('redrives beside everything else', () => {
  it('lose no task, count none beyond what was asked for, and end', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const world = await tell(told);
        // Nobody waits for ever: a pipeline that is paused is woken, and who died is followed by another, or stopped.
        world.calls.faults = { ofCall: () => undefined, ofRun: () => undefined };
        if (world.configs.records.has('a')) world.configs.put('a', { ...record, concurrency: 6 });
        for (let minutes = 0; minutes < 180; minutes += 1) {
          await world.pass(60);
          const last = redriveOf(world);
          if (last?.state !== 'Running' || world.redrives.running.size > 0 || minutes < 90) continue;
          const { reason, first, maxRedrives } = last;
          const wish = world.configs.records.has('a') ? { reason, first, maxRedrives } : { stop: true };
          askForRedrive(world, { pipelineId: 'a', ...wish });
        }
        const places = taskPlaces(world);
        const lost = [...world.book.fates.values()].filter(
          ({ task, succeeded, loss }) => !succeeded && !places.has(task.taskId) && loss !== 'expired',
        );
        expect(lost).toEqual([]);
        const { state, first, sent } = redriveOf(world) ?? { state: 'Done', sent: 0 };
        expect(state).not.toBe('Running');
        expect(world.redrives.running.size).toBe(0);
        if (first !== undefined) expect(sent).toBeLessThanOrEqual(first);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  }, 240_000);
});
