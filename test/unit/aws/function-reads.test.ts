import { describe, expect, it } from '@jest/globals';
import { paceReads } from '../../../aws/function-reads.ts';
import { FUNCTION_READS_PER_SECOND } from '../../../core/lanes.ts';
import { NotYet } from '../../../core/lifecycle/outcome.ts';
import { PLAIN_NATURE } from '../../../lab/simulator/world/nature.ts';
import { World } from '../../../lab/simulator/world/world.ts';

/** Several readers, each with ports of its own, ask for many functions at once. */
async function readAll(readers: number, each: number, pace: { horizonMs: number; chunk: number }) {
  const world = new World({ seed: 1, nature: PLAIN_NATURE, reconciles: false });
  const refused: unknown[] = [];
  const all = Array.from({ length: readers }, () => {
    const ports = paceReads(world.connect({ ...world.hand }), pace);
    const reads = Array.from({ length: each }, (_, at) => ports.functions.read(`f${at}`));
    return Promise.all(reads.map((read) => read.catch((error: unknown) => refused.push(error))));
  });
  world.clock.after(0, () => world.clock.willSettle());
  await world.pass(120);
  await Promise.all(all);
  const starts = world.calls.log
    .filter(({ bucket }) => bucket === 'getFunction')
    .map(({ startMs }) => startMs)
    .sort((a, b) => a - b);
  return { starts, refused, throttled: world.calls.log.filter((call) => call.throttled).length };
}

describe('reads of functions', () => {
  it.each([1, 20])('keep to their pace whoever asks, reserved %i at once', async (chunk) => {
    const { starts, refused, throttled } = await readAll(10, 60, { horizonMs: 60_000, chunk });
    expect(refused).toEqual([]);
    expect(throttled).toBe(0);
    expect(starts).toHaveLength(600);
    const seconds = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1000;
    expect(600 / seconds).toBeLessThanOrEqual(FUNCTION_READS_PER_SECOND * 1.05);
    expect(600 / seconds).toBeGreaterThanOrEqual(FUNCTION_READS_PER_SECOND * 0.8);
  });

  it('are put off to later where their turn is too far ahead', async () => {
    const { starts, refused } = await readAll(10, 60, { horizonMs: 2_000, chunk: 1 });
    expect(starts.length + refused.length).toBe(600);
    expect(refused.length).toBeGreaterThan(400);
    expect(refused.every((error) => error instanceof NotYet)).toBe(true);
  });
});
