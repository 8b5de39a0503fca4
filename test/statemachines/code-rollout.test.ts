import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ROLLOUT_STEPS } from '../../functions/code-rollout/run-step.ts';
import { keepsTheRulesOfEveryMachine } from './every-machine.ts';
import { type Answers, allEdges, loadDefinition, named, taskStates, walk } from './walk.ts';

const definition = loadDefinition('code-rollout.yml');
const tasks = taskStates(definition);
const walked = new Set<string>();

const smooth: Answers = { AdmitRelease: [{ outcome: 'done' }], SyncPipelines: [{ outcome: 'done' }] };

async function go(answers: Answers = {}) {
  const input = { key: 'consumer.zip', version: 'v2', afterSeconds: 1 };
  const way = await walk(definition, input, { ...smooth, ...answers });
  for (const edge of way.edges) walked.add(edge);
  return way;
}

describe('the rollout machine', () => {
  keepsTheRulesOfEveryMachine(definition, 60);

  it('names every Task after the file of its step, and passes that name on', () => {
    const files = readdirSync(new URL('../../functions/code-rollout/steps', import.meta.url)).map((file) =>
      file.replace('.ts', ''),
    );
    expect(tasks.map(([name]) => name).sort()).toEqual(files.sort());
    expect(Object.keys(ROLLOUT_STEPS).sort()).toEqual(files.sort());
    for (const [name, state] of tasks) expect(state.Parameters).toEqual({ step: name, 'state.$': '$' });
  });

  it('admits, then goes on slice by slice until all pipelines were told', async () => {
    const { visited } = await go({
      SyncPipelines: [{ outcome: 'again', afterSeconds: 3 }, { outcome: 'done' }],
    });
    expect(visited).toEqual([
      'AdmitRelease',
      'AfterAdmitRelease',
      'SyncPipelines',
      'AfterSyncPipelines',
      'WaitForNextSlice',
      'SyncPipelines',
      'AfterSyncPipelines',
      'Done',
    ]);
    expect(definition.States.WaitForNextSlice?.SecondsPath).toBe('$.afterSeconds');
  });

  it.each(tasks.map(([name]) => name))('ends after %s where another release was admitted', async (name) => {
    expect((await go({ [name]: [{ outcome: 'superseded' }] })).visited.at(-1)).toBe('Superseded');
  });

  it.each(
    tasks.flatMap(([name]) => [
      [name, 'a throttle of Lambda', named('Lambda.TooManyRequestsException')] as const,
      [name, 'a surprise', named('Surprise')] as const,
    ]),
  )('tries %s again after %s', async (name, _what, error) => {
    const { visited, failed } = await go({ [name]: [error, { outcome: 'done' }] });
    expect(failed).toBeUndefined();
    expect(visited.at(-1)).toBe('Done');
  });

  it.each(tasks.map(([name]) => name))('fails where %s keeps failing or answers nonsense', async (name) => {
    expect((await go({ [name]: [named('Surprise')] })).visited.at(-1)).toBe('NotRolledOut');
    expect((await go({ [name]: [{ outcome: 'dance' }] })).visited.at(-1)).toBe('NotRolledOut');
  });

  it('has no transition and no retrier that the walks above have not used', () => {
    expect([...allEdges(definition)].filter((edge) => !walked.has(edge))).toEqual([]);
  });
});
