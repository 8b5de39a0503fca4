import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ReleaseRecord } from '../../../core/release/record.ts';
import { eventually } from '../stage/eventually.ts';
import { sharedStage } from '../stage/shared-stage.ts';
import type { TestStage } from '../stage/test-stage.ts';
import { type Ran, sluiceAt } from './sluice.ts';

const LONGEST_MS = 120_000;
const CONSUMERS = 'test/integration/stage/consumers';
const codeKey = 'cli-recipes.zip';

let stage: TestStage;
let sluice: (...words: readonly string[]) => Promise<Ran>;
beforeAll(async () => {
  stage = await sharedStage();
  sluice = sluiceAt(stage);
}, 180_000);
describe('a release that is done, from a terminal', () => {
  it(
    'is taken back and brought out again, and has nothing to resume or abort',
    async () => {
      const push = async (name: string) => {
        const pushed = await sluice('code', 'push', join(CONSUMERS, name), '--key', codeKey, '--json');
        return (pushed.json() as ReleaseRecord[])[0] as ReleaseRecord;
      };
      await push('first');
      const { version, state } = await push('second');
      expect(state).toBe('Done');
      for (const words of [
        ['rollout', 'resume'],
        ['rollout', 'abort', '--yes'],
      ]) {
        expect(await sluice(...words, '--key', codeKey)).toMatchObject({ code: 1, out: [] });
      }
      const back = await sluice(
        'rollout',
        'rollback',
        version,
        '--key',
        codeKey,
        '--reason',
        'tried',
        '--yes',
      );
      expect(back).toMatchObject({ code: 0 });
      const reach = (wanted: string) =>
        eventually(
          () => sluice('rollout', 'show', version, '--key', codeKey, '--json'),
          (shown) => (shown.json()[0] as ReleaseRecord).state === wanted,
          `the release is ${wanted}`,
        );
      await reach('RolledBack');
      expect(await sluice('rollout', 'retry', version.slice(0, 8), '--key', codeKey)).toMatchObject({
        code: 0,
      });
      await reach('Done');
    },
    LONGEST_MS,
  );
});
