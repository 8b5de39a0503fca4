import { describe, it } from '@jest/globals';
import { describeTrial, trySeed } from '../../lab/simulator/flow/replay.ts';
import { THEMES } from '../../lab/simulator/flow/themes.ts';

/** So many times the seeds of each theme: FLOW_SEEDS=10 looks ten times as far. */
const TIMES = Number(process.env.FLOW_SEEDS ?? 1);

/** Plays scenarios of each theme named, the seeds from 1 on. A failure says how to replay it. */
export function describeFlow(seeds: Readonly<Record<string, number>>): void {
  describe.each(Object.entries(seeds))('the flow of work: %s', (theme, count) => {
    const last = Math.ceil(count * TIMES);

    it(
      `${THEMES[theme]?.rule}, seeds 1 to ${last}`,
      async () => {
        for (let seed = 1; seed <= last; seed += 1) {
          const trial = await trySeed(theme, seed);
          if (trial.wrong.length > 0) throw new Error(describeTrial(trial));
        }
      },
      60_000 + 4_000 * last,
    );
  });
}
