import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sendBurst } from '../../functions/trigger/send-burst.ts';
import { Chance } from '../../lab/simulator/chance.ts';
import type { World } from '../../lab/simulator/world/world.ts';
import { DEEDS, type Deed, runConsumers, withDone } from './burst-consumers.ts';
import { faultsOf, judgeTotals, untilOver, worldOf } from './burst-endings.ts';

/** What befalls a burst that is handed to the trigger. */
interface Story {
  readonly seed: number;
  readonly total: number;
  readonly from: 'tasks' | 'count' | 'source';
  readonly spread: Readonly<Record<string, number>> | undefined;
  /** How often it is handed over, a minute after each other. */
  readonly calls: number;
  readonly deeds: readonly Deed[];
  /** Faults per thousand calls of all who send bursts and keep them. */
  readonly permille: number;
}

const story: fc.Arbitrary<Story> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  total: fc.constantFrom(1, 8, 40, 130),
  from: fc.constantFrom('tasks', 'count', 'source'),
  spread: fc.constantFrom(undefined, { minSeconds: 0, maxSeconds: 60 }, { minSeconds: 0, maxSeconds: 1_500 }),
  calls: fc.integer({ min: 1, max: 2 }),
  deeds: fc.array(fc.constantFrom(...DEEDS), { maxLength: 3 }),
  permille: fc.constantFrom(0, 10, 40),
});

const BUCKET = 'theirs';
const WORKS_SECONDS = 14_400;
/** A caller whose tasks nobody else has is given a day, and its tasks their time in the queue. */
const LIMIT_SECONDS = 86_400 + 14_400;
/** As functions/trigger/function.yml says. */
const TRIGGER_SECONDS = 900;

function handOver(world: World, { total, from, spread, calls }: Story): void {
  const tasks = Array.from({ length: total }, (_, at) => ({ at }));
  world.taskObjects.put(BUCKET, 'k', tasks.map((task) => `${JSON.stringify(task)}\n`).join(''));
  const given = {
    tasks: { tasks },
    count: { count: total },
    source: { source: { bucket: BUCKET, key: 'k' } },
  };
  const input = { pipelineId: 'p', burstId: 'b', ...given[from], ...(spread && { spread }) };
  for (let call = 0; call < calls; call += 1) {
    world.clock.after(call * 60_000, () =>
      world.host.invoke(
        {
          functionName: 'trigger',
          label: `call ${call}`,
          owner: '',
          pipelineId: '',
          timeoutSeconds: TRIGGER_SECONDS,
          work: (caller, deadlineMs) =>
            sendBurst(input, world.portsOf(caller), world.settings, { requestId: `r${call}`, deadlineMs }),
        },
        () => {},
      ),
    );
  }
}

async function play(told: Story): Promise<void> {
  const { seed, deeds, permille } = told;
  const world = await worldOf(seed);
  const worksUntilMs = world.nowMs() + WORKS_SECONDS * 1000;
  const consumers = runConsumers(world, withDone(deeds), worksUntilMs, new Chance(seed, 'consumers'));
  world.calls.faults = faultsOf(seed, permille, ['trigger', 'burst', 'reconciler', 'burst-listener']);
  handOver(world, told);
  await world.pass(120);
  // Each call may have died before it wrote anything.
  if (world.bursts.read('b') === undefined) {
    expect(permille).toBeGreaterThan(0);
    return;
  }
  await untilOver(world, ['b'], LIMIT_SECONDS);
  judgeTotals(world, consumers, 'b');
  const { isCancelled, totals, total } = world.bursts.read('b') ?? {};
  if (permille === 0 && deeds.length === 0) {
    expect([isCancelled, totals?.done, total]).toEqual([false, told.total, told.total]);
  }
}

it('a burst that was begun always ends, wherever those who send it and keep it die', async () => {
  await fc.assert(fc.asyncProperty(story, play), { numRuns: 40, seed: 7 });
}, 300_000);
