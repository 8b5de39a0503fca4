import { describe, expect, it } from '@jest/globals';
import type { GroupState } from '../../core/flow/hold.ts';
import { freshId, type GetWorld } from './world.ts';

const NOW_MS = 1_800_000_000_123;

export function describeGroups(world: GetWorld): void {
  describe('what consumers write down', () => {
    it.each<[string, GroupState]>([
      ['a hold', { hold: { sinceMs: NOW_MS, untilMs: NOW_MS + 0.5, cause: 'throttled', guesses: 3 } }],
      [
        'an open breaker and its hold',
        {
          hold: { sinceMs: NOW_MS, untilMs: NOW_MS + 9, cause: 'breaker', guesses: 0 },
          breaker: {
            state: 'open',
            sinceMs: NOW_MS,
            untilMs: NOW_MS + 9,
            opened: 2,
            evidence: { tasks: 20, failed: 19 },
          },
        },
      ],
      [
        'a breaker that tries',
        {
          breaker: {
            state: 'halfOpen',
            sinceMs: NOW_MS,
            opened: 1,
            probes: [{ id: 'p', untilMs: NOW_MS }],
            succeeded: 1,
          },
        },
      ],
    ])('of a group is read as it was written: %s', async (_what, state) => {
      const id = freshId();
      await world().putGroup(id, { hold: { sinceMs: 1, untilMs: 2, cause: 'throttled', guesses: 1 } });
      await world().putGroup(id, state);
      expect(await world().ports.holds.read(id)).toEqual(state);
    });

    it('of how long tasks took is read as it adds up', async () => {
      const id = freshId();
      await world().putRan(id, { tasks: 4, ms: 1_000 });
      expect(await world().ports.flow.readRan(id)).toEqual({ tasks: 4, ms: 1_000 });
    });

    it('is nothing of a group that has written nothing', async () => {
      expect(await world().ports.holds.read(freshId())).toBeUndefined();
      expect(await world().ports.flow.readRan(freshId())).toBeUndefined();
    });
  });
}
