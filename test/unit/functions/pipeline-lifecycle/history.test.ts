import { expect, it } from '@jest/globals';
import { stageIn } from '../simulated-stage.ts';

/** What the lines of a simulated stage say that each settled run has changed. */
async function changesOf(...records: readonly Readonly<Record<string, unknown>>[]) {
  const settled: unknown[] = [];
  const world = await stageIn({
    note: (what) => {
      const line = / says: settled (\{.*\})$/.exec(what)?.[1];
      if (line === undefined) return;
      const { run, changed } = JSON.parse(line);
      settled.push([run, changed]);
    },
  });
  for (const record of records) {
    world.configs.put('a', { pipelineId: 'a', ...record });
    await world.pass(120);
  }
  world.configs.remove('a');
  await world.pass(1_800);
  return settled;
}

it('each run that settles says in its line what it has changed, and no value of the environment', async () => {
  const record = { concurrency: 4, environment: { KEY: 'hush' } };
  const changes = await changesOf(
    record,
    { ...record, concurrency: 10 },
    { ...record, concurrency: 10, paused: true },
    { ...record, concurrency: 10 },
    { ...record, concurrency: 10, environment: { KEY: 'hash' } },
  );
  expect(changes).toEqual([
    [
      'create',
      [
        { path: 'concurrency', to: 4 },
        { path: 'codeKey', to: 'consumer.zip' },
        { path: 'code.version', to: expect.any(String) },
        { path: 'environment.KEY', says: 'added' },
      ],
    ],
    ['update', [{ path: 'concurrency', from: 4, to: 10 }]],
    ['switch', [{ path: 'paused', from: false, to: true }]],
    ['switch', [{ path: 'paused', from: true, to: false }]],
    ['update', [{ path: 'environment.KEY', says: 'changed' }]],
    ['drain', undefined],
  ]);
});
