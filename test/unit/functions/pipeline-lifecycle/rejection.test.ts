import { expect, it } from '@jest/globals';
import { saysOf } from '../../../../core/events/says.ts';
import { whyWaiting } from '../../../../core/verdict/why.ts';
import { wordsOf } from '../../../../core/verdict/words.ts';
import { stageIn } from '../simulated-stage.ts';

it('a run that rejects a record logs why, in the words that the verdict then has', async () => {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const world = await stageIn({
    note: (what) => {
      const line = / says: claimed (\{.*\})$/.exec(what)?.[1];
      if (line !== undefined) lines.push(JSON.parse(line));
    },
  });
  world.configs.put('a', { pipelineId: 'a' });
  await world.pass(120);
  world.configs.put('a', { pipelineId: 'a', concurrency: 0 });
  await world.pass(120);
  const detail = lines.find(({ decision }) => decision === 'reject') ?? {};
  expect(detail).toMatchObject({ code: 'OutOfRange', path: 'concurrency', goesOn: true });
  const status = world.statuses.read('a');
  const verdict = whyWaiting({ nowMs: world.nowMs(), status });
  expect(saysOf({ atMs: 0, what: 'claimed', detail })).toBe(wordsOf(verdict, world.nowMs()).says);
  expect(verdict).toMatchObject({ kind: 'rejected', field: 'concurrency' });
});
