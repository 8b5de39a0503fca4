import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { ROLLOUT_STEPS } from '../../functions/code-rollout/run-step.ts';
import { type Answers, allEdges, loadDefinition, named, walk } from './walk.ts';

const definition = loadDefinition('code-rollout.yml');
const tasks = Object.entries(definition.States).filter(([, state]) => state.Type === 'Task');
const walked = new Set<string>();

const smooth: Answers = { AdmitRelease: [{ outcome: 'done' }], SyncPipelines: [{ outcome: 'done' }] };

async function go(answers: Answers = {}) {
  const input = { key: 'consumer.zip', version: 'v2', afterSeconds: 1 };
  const way = await walk(definition, input, { ...smooth, ...answers });
  for (const edge of way.edges) walked.add(edge);
  return way;
}

describe('the rollout machine', () => {
  it('is valid Amazon States Language', () => {
    const validate = createRequire(import.meta.url)('asl-validator') as (d: object) => {
      isValid: boolean;
      errorsText(): string;
    };
    const result = validate(JSON.parse(JSON.stringify(definition)));
    expect(result.isValid ? '' : result.errorsText()).toBe('');
  });

  it('names every Task after the file of its step, and passes that name on', () => {
    const files = readdirSync(new URL('../../functions/code-rollout/steps', import.meta.url)).map((file) =>
      file.replace('.ts', ''),
    );
    expect(tasks.map(([name]) => name).sort()).toEqual(files.sort());
    expect(Object.keys(ROLLOUT_STEPS).sort()).toEqual(files.sort());
    for (const [name, state] of tasks) expect(state.Parameters).toEqual({ step: name, 'state.$': '$' });
  });

  it('says of every state what it is for', () => {
    for (const [name, state] of Object.entries(definition.States))
      expect([name, state.Comment?.length ?? 0]).not.toEqual([name, 0]);
  });

  it('gives every Task a timeout longer than its function has, jittered and capped retries, and a Catch', () => {
    for (const [, state] of tasks) {
      expect(state.TimeoutSeconds).toBeGreaterThan(60);
      for (const retrier of state.Retry ?? []) {
        expect(retrier.JitterStrategy).toBe('FULL');
        expect(retrier.MaxDelaySeconds).toBeDefined();
      }
      expect(state.Retry).toHaveLength(2);
      expect(state.Catch).toHaveLength(1);
    }
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
