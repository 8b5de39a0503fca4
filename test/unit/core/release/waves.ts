import fc from 'fast-check';
import {
  type Counts,
  NO_COUNTS,
  NO_TASKS,
  newWalk,
  type Tasks,
  type Walk,
} from '../../../../core/release/record.ts';
import { ROLLOUT_SETTINGS, type RolloutSettings } from '../../../../core/release/rollout-settings.ts';
import { judgeWave, type WaveFacts } from '../../../../core/release/watch.ts';
import { NOW_MS } from '../lifecycle/records.ts';
import { anyTasks } from './arbitraries.ts';

export const settings: RolloutSettings = { ...ROLLOUT_SETTINGS, bakeSeconds: 300, unknownSeconds: 900 };

/** A walk over the whole of a first wave that ended just now: all who have moved were looked at. */
export function walked(counts: Partial<Counts>, seen: Partial<Omit<Walk, 'counts'>> = {}): Walk {
  return { ...newWalk(NOW_MS), counts: { ...NO_COUNTS, ...counts }, watched: counts.moved ?? 0, ...seen };
}

export const sums = (of: Partial<Tasks>): Tasks => ({ ...NO_TASKS, ...of });
export const ENOUGH = sums({ tasks: 100, calls: 100, durationMs: 1000 });

/** The verdict so many seconds after all had been told. */
export const verdictAfter = (
  seconds: number,
  walk: Walk,
  by: RolloutSettings = settings,
  wave: Partial<WaveFacts> = {},
) =>
  judgeWave(walk, by, {
    planned: 0,
    failedBefore: 0,
    toldAtMs: NOW_MS,
    nowMs: NOW_MS + seconds * 1000,
    ...wave,
  });

/** Those of the waves before have moved, too, and are not watched any more. */
export const anyWalk: fc.Arbitrary<Walk> = fc
  .record({
    moved: fc.nat(40),
    moving: fc.oneof(fc.constant(0), fc.nat(3)),
    due: fc.oneof(fc.constant(0), fc.nat(3)),
    failing: fc.oneof(fc.constant(0), fc.nat(3)),
    failed: fc.oneof(fc.constant(0), fc.nat(3)),
    watched: fc.nat(40),
    unhealthy: fc.oneof(fc.constant(0), fc.nat(3)),
    before: anyTasks,
    after: anyTasks,
  })
  .map(({ watched: most, unhealthy, before, after, ...counts }) => {
    const watched = Math.min(most, counts.moved);
    return walked(counts, { before, after, watched, unhealthy: Math.min(unhealthy, watched) });
  });

export const anyWave = fc.record({ planned: fc.nat(60), failedBefore: fc.nat(3) });

export const seconds = fc.oneof(fc.nat(2000), fc.nat(200_000));
