import { describe, expect, it } from '@jest/globals';
import { type ReleaseLoad, rollOutTo } from '../../lab/bench/release-load.ts';
import { AWS_NATURE } from '../../lab/simulator/world/nature.ts';
import { CODE_KEY, World } from '../../lab/simulator/world/world.ts';

const BUDGET_PER_SECOND = 10;

describe.each([
  [1_000, 1_500],
  [5_000, 5_000],
])('an upload to %i pipelines', (pipelines, eventsMost) => {
  // One after the other in a file, each rolled out once for all its rules.
  let rollout: Promise<ReleaseLoad> | undefined;
  const rolledOut = () => {
    rollout ??= rollOutTo(pipelines);
    return rollout;
  };

  it('reaches every one of them, in waves', async () => {
    const { moved, waves } = await rolledOut();
    expect(moved).toBe(pipelines);
    expect(waves.length).toBeGreaterThan(2);
    expect(waves.reduce((sum, wave) => sum + wave, 0)).toBe(pipelines);
  }, 300_000);

  it('is over within 1.1 times what the budget needs for a call each, besides the trial and the bakes', async () => {
    const { seconds, checkSeconds, bakeSeconds, leastSeconds } = await rolledOut();
    expect(leastSeconds).toBe(pipelines / BUDGET_PER_SECOND);
    expect(seconds - checkSeconds - bakeSeconds).toBeLessThanOrEqual(1.1 * leastSeconds);
  }, 300_000);

  it('is never over the budget in any second, and AWS throttles none of its calls', async () => {
    const { peakPerSecond, throttled } = await rolledOut();
    expect(peakPerSecond).toBeLessThanOrEqual(BUDGET_PER_SECOND);
    expect(throttled).toEqual([]);
  }, 300_000);

  it(`takes fewer than ${eventsMost.toLocaleString('en-US')} events of the machine’s history`, async () => {
    expect((await rolledOut()).historyEvents).toBeLessThan(eventsMost);
  }, 300_000);
});

describe('a bad release for 1,000 pipelines', () => {
  it('comes to the canaries and to nobody else, and goes back from them', async () => {
    const world = new World({ seed: 1, keepCalls: 'buckets', nature: { ...AWS_NATURE, functionFails: 0 } });
    world.code.put(CODE_KEY, 'v1');
    world.admit(CODE_KEY, 'v1');
    const ids = Array.from({ length: 1_000 }, (_, at) => `g${at}`);
    for (const pipelineId of ids) {
      world.configs.put(pipelineId, { pipelineId, timeoutSeconds: 10, maxAttempts: 1, maxReceiveCount: 2 });
    }
    await world.pass(600);
    world.upload(CODE_KEY, 'v2', { fails: 1 });
    for (let minute = 0; minute < 15; minute += 1) {
      for (const id of ids) world.send(id, 3);
      await world.pass(60);
    }
    expect(world.releases.read(CODE_KEY, 'v2')).toMatchObject({
      state: 'RolledBack',
      returned: true,
      wave: 0,
    });
    const had = world.book.runs.filter(({ codeVersion }) => codeVersion === 'v2');
    expect(new Set(had.map(({ pipelineId }) => pipelineId)).size).toBe(10);
    const versions = ids.map((id) => world.statuses.records.get(id)?.codeVersion);
    expect(new Set(versions)).toEqual(new Set(['v1']));
    await world.pass(300);
    expect([...world.book.fates.values()].filter(({ succeeded }) => !succeeded)).toEqual([]);
  }, 300_000);
});
