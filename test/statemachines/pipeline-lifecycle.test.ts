import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { STEPS } from '../../functions/pipeline-lifecycle/steps/index.ts';
import { keepsTheRulesOfEveryMachine } from './every-machine.ts';
import { type Answers, allEdges, loadDefinition, named, taskStates, walk } from './walk.ts';

const definition = loadDefinition('pipeline-lifecycle.yml');
const tasks = taskStates(definition);
const walked = new Set<string>();

/** Every step answers `done`, settling ends the run. */
const smooth: Answers = {
  ...Object.fromEntries(tasks.map(([name]) => [name, [{ outcome: 'done' }]])),
  Settle: [{ outcome: 'over' }],
  RecordFailure: [{ outcome: 'over' }],
};

/** Walks with the smooth answers but for the given ones, from a chosen state, and remembers the way. */
async function go(run: string, answers: Answers = {}, startAt = 'Claim') {
  const input = { pipelineId: 'a', run, outcome: 'done', afterSeconds: 1 };
  // Nothing leads back to its beginning.
  const { Begin: _begin, WaitForWake: _wait, ...States } = definition.States;
  const way = await walk({ ...definition, StartAt: startAt, States }, input, { ...smooth, ...answers });
  for (const edge of way.edges) walked.add(edge);
  return way;
}

/** The Tasks of a way, without the choices between them. */
function tasksOf(visited: readonly string[]): string[] {
  return visited.filter((name) => definition.States[name]?.Type === 'Task');
}

describe('the lifecycle machine', () => {
  keepsTheRulesOfEveryMachine(definition, 30, 70);

  it('names every Task after the file of its step, and passes that name on', () => {
    const files = readdirSync(new URL('../../functions/pipeline-lifecycle/steps', import.meta.url))
      .map((file) => file.replace('.ts', ''))
      .filter((file) => file !== 'index');
    expect(tasks.map(([name]) => name).sort()).toEqual(files.sort());
    expect(['Claim', ...Object.keys(STEPS)].sort()).toEqual(files.sort());
    for (const [name, state] of tasks)
      expect(state.Parameters).toEqual({ step: name, 'owner.$': '$$.Execution.Name', 'state.$': '$' });
  });

  it.each([
    ['create', ['CreateQueues', 'CreateFunction', 'ReserveConcurrency', 'CreateMapping']],
    [
      'update',
      [
        'PrepareQueues',
        'ReleaseConcurrency',
        'UpdateFunction',
        'UpdateCode',
        'UpdateMapping',
        'ReserveConcurrency',
        'FinishQueues',
      ],
    ],
    ['codeSync', ['UpdateCode']],
    ['switch', ['SwitchMapping']],
    ['confirm', []],
    [
      'drain',
      ['CloseQueue', 'Drain', 'StopMapping', 'Salvage', 'DeleteMapping', 'DeleteFunction', 'DeleteQueues'],
    ],
    [
      'salvage',
      ['CloseQueue', 'Drain', 'StopMapping', 'Salvage', 'DeleteMapping', 'DeleteFunction', 'DeleteQueues'],
    ],
    ['discard', ['DeleteMapping', 'DeleteFunction', 'DeleteQueues']],
  ])('takes a %s run through its steps in order and settles', async (run, steps) => {
    const { visited, failed } = await go(run);
    expect(failed).toBeUndefined();
    expect(tasksOf(visited)).toEqual(['Claim', ...steps, 'Settle']);
  });

  it('begins at once, or at the time that it was started for', async () => {
    const wakeAt = { wakeAt: '2026-11-21T10:00:00.000Z' };
    const ways = [];
    for (const input of [{}, wakeAt]) {
      const over = { ...smooth, Claim: [{ outcome: 'over' }] };
      const { visited, edges } = await walk(definition, { pipelineId: 'a', ...input }, over);
      for (const edge of edges) walked.add(edge);
      ways.push(visited);
    }
    expect(ways).toEqual([
      ['Begin', 'Claim', 'AfterClaim', 'Done'],
      ['Begin', 'WaitForWake', 'Claim', 'AfterClaim', 'Done'],
    ]);
    expect(definition.States.WaitForWake?.TimestampPath).toBe('$.wakeAt');
  });

  it('ends where the claim finds nothing to do or somebody else at work', async () => {
    expect((await go('', { Claim: [{ outcome: 'over' }] })).visited).toEqual(['Claim', 'AfterClaim', 'Done']);
  });

  it('records a failure where the claim answers a run that it does not know', async () => {
    expect(tasksOf((await go('dance')).visited)).toEqual(['Claim', 'RecordFailure']);
  });

  it('ends in a failure that says so where not even the failure can be recorded', async () => {
    const answers = { Claim: [named('Broken')], RecordFailure: [named('Broken')] };
    expect((await go('', answers)).visited.at(-1)).toBe('FailureNotRecorded');
    expect((await go('', { RecordFailure: [{ outcome: 'dance' }] }, 'RecordFailure')).visited.at(-1)).toBe(
      'FailureNotRecorded',
    );
  });

  describe.each(tasks.map(([name]) => name))('%s', (name) => {
    const end = { outcome: 'over' };

    it('waits as long as it asked for and is tried once more where it answers again', async () => {
      const { visited } = await go('', { [name]: [{ outcome: 'again', afterSeconds: 7 }, end] }, name);
      expect(visited).toEqual([name, `After${name}`, `WaitTo${name}`, name, `After${name}`, 'Done']);
      expect(definition.States[`WaitTo${name}`]?.SecondsPath).toBe('$.afterSeconds');
    });

    it.each([
      ['a throttle of Lambda', named('Lambda.TooManyRequestsException')],
      ['a surprise', named('Surprise')],
    ])('is tried again after %s', async (_what, error) => {
      const { visited, failed } = await go('', { [name]: [error, end] }, name);
      expect(failed).toBeUndefined();
      expect(visited.at(-1)).toBe('Done');
    });

    it('leads to the record of its failure after its last try', async () => {
      const { visited } = await go('', { [name]: [named('Surprise')] }, name);
      expect(visited.slice(0, 2)).toEqual([
        name,
        name === 'RecordFailure' ? 'FailureNotRecorded' : 'RecordFailure',
      ]);
    });

    it('begins anew, or ends, where it says so', async () => {
      if (name !== 'Claim') {
        const answers = { [name]: [{ outcome: 'restart' }], Claim: [end] };
        expect((await go('', answers, name)).visited).toEqual([
          name,
          `After${name}`,
          'Claim',
          'AfterClaim',
          'Done',
        ]);
      }
      expect((await go('', { [name]: [end] }, name)).visited).toEqual([name, `After${name}`, 'Done']);
    });

    it('leads to the record of its failure where it answers failed', async () => {
      const { visited } = await go('', { [name]: [{ outcome: 'failed' }] }, name);
      expect(visited[2]).toBe(name === 'RecordFailure' ? 'FailureNotRecorded' : 'RecordFailure');
    });
  });

  it('has no transition and no retrier that the walks above have not used', () => {
    const missed = [...allEdges(definition)].filter((edge) => !walked.has(edge));
    expect(missed).toEqual([]);
  });
});
