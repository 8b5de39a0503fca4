import { describe, expect, it } from '@jest/globals';
import { EXECUTION_HISTORY_EVENTS } from '../../core/aws-limits.ts';
import { burstStateSchema, ROUNDS_MOST } from '../../core/burst/burst-state.ts';
import { isStep } from '../../functions/burst/run-step.ts';
import { keepsTheRulesOfEveryMachine } from './every-machine.ts';
import { type Answers, allEdges, loadDefinition, named, taskStates, walk } from './walk.ts';

const definition = loadDefinition('burst.yml');
const tasks = taskStates(definition);
const walked = new Set<string>();

async function go(answers: Answers) {
  const way = await walk(definition, { burstId: 'a' }, answers);
  for (const edge of way.edges) walked.add(edge);
  return way;
}

const again = { outcome: 'again', afterSeconds: 3 };
const done = { outcome: 'done', afterSeconds: 0 };

describe('the burst machine', () => {
  keepsTheRulesOfEveryMachine(definition, 60, 300);

  it('has one step, which is told its name, the execution’s, and what the last one answered', () => {
    expect(tasks.map(([name, { Parameters }]) => [name, Parameters])).toEqual([
      ['SendSlice', { step: 'SendSlice', 'owner.$': '$$.Execution.Name', 'state.$': '$' }],
    ]);
    expect(isStep({ step: 'SendSlice', owner: 'walk', state: {} })).toBe(true);
    expect(isStep({ burstId: 'a', status: true })).toBe(false);
    // What starts it is a state that the step takes.
    expect(burstStateSchema.parse({ burstId: 'a' })).toMatchObject({ rounds: 0 });
  });

  it('sends, waits as long as it is told, and sends again until all are sent', async () => {
    const { visited, failed } = await go({ SendSlice: [again, again, done] });
    const round = ['SendSlice', 'AfterSendSlice', 'WaitToSendSlice'];
    expect(visited).toEqual([...round, ...round, 'SendSlice', 'AfterSendSlice', 'Done']);
    expect(failed).toBeUndefined();
    expect(definition.States.WaitToSendSlice?.SecondsPath).toBe('$.afterSeconds');
  });

  it('ends where the burst is paused, or another execution has it', async () => {
    const { visited, failed } = await go({ SendSlice: [{ outcome: 'over' }] });
    expect([visited.at(-1), failed]).toEqual(['Over', undefined]);
  });

  it.each([
    ['a throttle of Lambda', named('Lambda.TooManyRequestsException')],
    ['a surprise', named('Surprise')],
  ])('tries the step again after %s', async (_what, error) => {
    const { visited } = await go({ SendSlice: [error, again, done] });
    expect(visited.at(-1)).toBe('Done');
  });

  it('fails where the step keeps failing or answers nonsense', async () => {
    for (const answer of [named('Surprise'), { outcome: 'dance' }]) {
      expect((await go({ SendSlice: [answer] })).visited.at(-1)).toBe('Failed');
    }
  });

  it('hands over before a history can be full, even where every step is tried as often as it may', () => {
    const retries = tasks.flatMap(([, { Retry = [] }]) => Retry.map(({ MaxAttempts }) => MaxAttempts));
    // A Task is entered, scheduled, started, over and left; a try more is scheduled, started and failed.
    const step = 5 + 3 * retries.reduce((sum, one) => sum + one, 0);
    const choiceAndWait = 4;
    expect(ROUNDS_MOST * (step + choiceAndWait)).toBeLessThan(EXECUTION_HISTORY_EVENTS - step - 100);
  });

  it('has no transition and no retrier that the walks above have not used', () => {
    expect([...allEdges(definition)].filter((edge) => !walked.has(edge))).toEqual([]);
  });
});
