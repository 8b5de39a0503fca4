import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type HealthSample, type Moved, NO_CALLS } from '../../../../core/release/health.ts';
import { NO_COUNTS, NO_TASKS, newWalk, type Walk } from '../../../../core/release/record.ts';
import { ROLLOUT_SETTINGS } from '../../../../core/release/rollout-settings.ts';
import { addHealth } from '../../../../core/release/watch.ts';
import { NOW_MS } from '../lifecycle/records.ts';

/** A walk that has counted so many who have moved, and looked at none. */
const begun = (moved: number): Walk => ({ ...newWalk(NOW_MS), told: moved, counts: { ...NO_COUNTS, moved } });

describe('a walk', () => {
  const moved = (pipelineId: string): Moved => ({
    pipelineId,
    movedAtMs: NOW_MS,
    deadLettersBefore: 0,
    concurrency: 1,
    batchSize: 1,
    taskMs: 600_000,
    isNew: false,
  });
  const seen = (of: Partial<HealthSample>): HealthSample[] => [
    { atMs: NOW_MS, spanMs: 60_000, ...NO_CALLS, ...of },
  ];
  const earlier = seen({ atMs: NOW_MS - 60_000, calls: 20, received: 20, done: 20, durationMs: 200 });
  const healthy = [...earlier, ...seen({ calls: 50, received: 50, done: 50, durationMs: 500 })];
  const poor = seen({ calls: 3, received: 3, done: 3, durationMs: 30 });
  const bad = [...earlier, ...seen({ calls: 50, received: 50, done: 9, durationMs: 500, deadLetters: 2 })];

  it('sums up what all but the unhealthy did, and counts who was looked at, judged and unhealthy', () => {
    const walk = [
      ['a', healthy],
      ['b', poor],
      ['c', bad],
      ['d', []],
    ].reduce(
      (on, [id, samples]) => addHealth(on, moved(id as string), samples as HealthSample[], ROLLOUT_SETTINGS),
      begun(4),
    );
    expect(walk).toMatchObject({ watched: 4, judged: 2, unhealthy: 1, told: 4, counts: { moved: 4 } });
    expect(walk.before).toEqual({ ...NO_TASKS, calls: 20, tasks: 20, durationMs: 200 });
    expect(walk.after).toEqual({ ...NO_TASKS, calls: 53, tasks: 53, durationMs: 530 });
    expect(walk.evidence.map(({ pipelineId, what }) => [pipelineId, what])).toEqual([
      ['c', 'deadLetters'],
      ['c', 'failures'],
    ]);
  });

  it('comes to the same in whatever order pipelines are looked at', () => {
    const samples = fc.constantFrom(healthy, poor, bad, []);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uuid(), samples), { maxLength: 8 }), (pipelines) => {
        const walkOver = (all: typeof pipelines) => {
          const { evidence, ...walk } = all.reduce(
            (on, [id, each]) => addHealth(on, moved(id), each, ROLLOUT_SETTINGS),
            begun(all.length),
          );
          return { ...walk, evidence: evidence.length };
        };
        expect(walkOver(pipelines.toReversed())).toEqual(walkOver(pipelines));
      }),
    );
  });

  it('keeps no more evidence than a person reads: ten pieces', () => {
    const ids = Array.from({ length: 30 }, (_, index) => `p${index}`);
    const walk = ids.reduce((on, id) => addHealth(on, moved(id), bad, ROLLOUT_SETTINGS), begun(30));
    expect(walk.evidence).toHaveLength(10);
    expect(walk.unhealthy).toBe(30);
  });
});
