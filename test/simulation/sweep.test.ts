import { describe, expect, it } from '@jest/globals';
import { AGES_A_TICK } from '../../core/sweep/ages.ts';
import type { Looked } from '../../core/sweep/judge.ts';
import { PASTS_KEPT } from '../../core/sweep/past.ts';
import { createSession } from '../../functions/reconciler/session.ts';
import { sweepPipelines } from '../../functions/reconciler/sweep.ts';
import type { World } from '../../lab/simulator/world/world.ts';
import { settledStatus } from '../unit/core/lifecycle/records.ts';
import { run, stageIn, stageWith } from '../unit/functions/simulated-stage.ts';

const SLICE = 400;
/** What it remembers, read and written; ages; the event. */
const CALLS_A_TICK = 4;

/** What a look finds, the worst there is: tasks wait, none runs, and there are dead letters. */
function lookAt(at: number, letters = at + 1): { readonly concurrency: number; readonly looked: Looked } {
  const queues = { counts: { visible: at + 1, inFlight: 0, delayed: 0 }, letters };
  return {
    concurrency: 2,
    looked: { pipelineId: `p${at}`, status: settledStatus({ pipelineId: `p${at}` }), queues },
  };
}

/** Sweeps so many pipelines once round, a slice a tick; answers the calls of each tick, and the ages asked for. */
async function round(world: World, pipelines: number, letters?: number) {
  const ticks: { calls: number; ages: number }[] = [];
  for (let from = 0; from < pipelines; from += SLICE) {
    const count = Math.min(SLICE, pipelines - from);
    const looks = Array.from({ length: count }, (_, at) => lookAt(from + at, letters));
    const slice = {
      from: from === 0 ? undefined : `at ${from}`,
      to: from + count < pipelines ? `at ${from + count}` : undefined,
      looks,
      account: undefined,
    };
    const tick = { calls: 0, ages: 0 };
    let isOver = false;
    world.calls.observers.push(() => {
      if (!isOver) tick.calls += 1;
    });
    await run(world, (ports, deadlineMs) => {
      const oldest = (ids: readonly string[]) => {
        tick.ages += ids.length;
        return ports.queueAges.oldest(ids);
      };
      const session = createSession({ ...ports, queueAges: { oldest } }, world.settings, deadlineMs);
      return sweepPipelines(session, slice);
    });
    isOver = true;
    ticks.push(tick);
    await world.pass(60);
  }
  return ticks;
}

const told = (world: World) =>
  world.events.published.filter(({ detailType }) => detailType.includes('attention'));

describe.each([
  { pipelines: 10, rounds: 8 },
  { pipelines: 5_000, rounds: 3 },
])('the sweep of $pipelines pipelines that are all in trouble', ({ pipelines, rounds }) => {
  it('makes four calls a tick at most, asks for twenty ages, and tells once a round if anything is new', async () => {
    const world = await stageIn({ settings: { lateSeconds: 120 } });
    const ticks: Awaited<ReturnType<typeof round>> = [];
    for (let at = 0; at < rounds; at += 1) ticks.push(...(await round(world, pipelines)));
    const most = (of: 'calls' | 'ages') => Math.max(...ticks.map((tick) => tick[of]));
    expect(most('calls')).toBeLessThanOrEqual(CALLS_A_TICK);
    expect(most('ages')).toBe(Math.min(pipelines, AGES_A_TICK));
    // Dead letters at once, stuck after five minutes; of more than it remembers it names the dead letters.
    expect(told(world).length).toBeLessThanOrEqual(rounds);
    for (const { detail } of told(world)) expect(detail).toMatchObject({ pipelines, needing: pipelines });
    expect(told(world)[0]?.detail.needs).toEqual({ deadLetters: pipelines });
    expect(told(world).at(-1)?.detail.needs).toMatchObject({ stuck: Math.min(pipelines, PASTS_KEPT) });
    expect(told(world)[0]?.detail.worst).toHaveLength(10);
    expect(JSON.stringify(world.ledgers.read('sweep')?.value).length).toBeLessThan(250_000);
  }, 120_000);
});

describe('the sweep', () => {
  it('tells nothing of pipelines that nobody needs to look at', async () => {
    const world = await stageWith();
    await run(world, async (ports, deadlineMs) => {
      const session = createSession(ports, world.settings, deadlineMs);
      const looked: Looked = { pipelineId: 'p', status: settledStatus({ pipelineId: 'p' }) };
      const looks = [{ concurrency: 2, looked }];
      await sweepPipelines(session, { from: undefined, to: undefined, looks, account: undefined });
    });
    expect(told(world)).toEqual([]);
    expect(world.metrics.get('PipelinesNeedingAttention')).toBe(0);
  });

  it('tells again where telling failed, and nothing is counted twice', async () => {
    const world = await stageWith();
    const slice = { from: undefined, to: undefined, looks: [lookAt(0)], account: undefined };
    const letters: number[] = [];
    const metrics = {
      count(name: string, value: number) {
        if (name === 'DeadLetters') letters.push(value);
      },
    };
    const sweep = (fails: boolean) =>
      run(world, async (ports, deadlineMs) => {
        const publish = async (...event: Parameters<typeof ports.events.publish>) => {
          if (fails) throw new Error('no events today');
          await ports.events.publish(...event);
        };
        await sweepPipelines(
          createSession({ ...ports, metrics, events: { publish } }, world.settings, deadlineMs),
          slice,
        );
      });
    await expect(sweep(true)).rejects.toThrow('no events today');
    await sweep(false);
    await sweep(false);
    expect(told(world).map(({ detail }) => detail.needs)).toEqual([{ deadLetters: 1 }]);
    expect(letters).toEqual([1, 1, 1]);
  });
});
