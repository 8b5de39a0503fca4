import { describe, expect, it } from '@jest/globals';
import { PROMISES } from '../../lab/simulator/promises.ts';
import { describeFailure, type Theme, trySeed } from '../../lab/simulator/replay.ts';

/** Seeds of one test: small enough that one that fails is seen soon. */
const SEEDS_A_TEST = 125;

/**
 * Plays the stories of some seeds against all promises. Files share them out, since jest runs files in
 * parallel. A failure prints the smallest story found, what happened, and the command that replays it.
 */
export function describePromises(fromSeed: number, seeds: number, theme: Theme = 'everything'): void {
  describe(`promises in stories about ${theme}, seeds ${fromSeed} to ${fromSeed + seeds - 1}`, () => {
    it('are nine, four of releases and two of holds', () => {
      expect(Object.keys(PROMISES).map((name) => name[0])).toEqual([...'123456789rrrrhh']);
    });

    for (let first = fromSeed; first < fromSeed + seeds; first += SEEDS_A_TEST) {
      const last = Math.min(first + SEEDS_A_TEST, fromSeed + seeds) - 1;
      it(`hold in every story of the seeds ${first} to ${last}`, async () => {
        for (let seed = first; seed <= last; seed += 1) {
          const failure = await trySeed(seed, { theme });
          if (failure) throw new Error(describeFailure(failure));
        }
      }, 300_000);
    }
  });
}
