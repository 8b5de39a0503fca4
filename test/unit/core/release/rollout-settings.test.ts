import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RolloutSettings, withOwn } from '../../../../core/release/rollout-settings.ts';
import { anySettings } from './arbitraries.ts';

describe('a release’s own settings', () => {
  it('stand in the place of the stage’s, one by one; what it does not say, the stage says', () => {
    fc.assert(
      fc.property(anySettings, anySettings, fc.func(fc.boolean()), (stage, release, says) => {
        const own = Object.fromEntries(
          Object.entries(release).map(([name, value]) => [name, says(name) ? value : undefined]),
        ) as Partial<RolloutSettings>;
        for (const [name, value] of Object.entries(withOwn(stage, own))) {
          const given = says(name) ? release : stage;
          expect(value).toBe(given[name as keyof RolloutSettings]);
        }
        expect(withOwn(stage, {})).toEqual(stage);
      }),
    );
  });
});
