import { describe, expect, it } from '@jest/globals';
import { EXECUTION_HISTORY_EVENTS } from '../../core/aws-limits.ts';
import { isStepCall, ROUNDS_MOST } from '../../core/machine-step.ts';
import { keepsTheRulesOfEveryMachine } from './every-machine.ts';
import { type Answers, allEdges, loadDefinition, named, taskStates, walk } from './walk.ts';

/** A machine that does one step until that says it is done. */
export interface OneStepMachine {
  readonly what: string;
  /** Of the definition. */
  readonly file: string;
  readonly step: string;
  /** What starts it. */
  readonly input: object;
  /** What a step makes of its state. */
  readonly parse: (state: unknown) => unknown;
  /** The longest wait between two tries of a step. */
  readonly maxDelaySeconds: number;
  /** The timeout of the function that does the step. */
  readonly functionSeconds: number;
  /** For whom else `over` is an end. */
  readonly over: string;
}

const again = { outcome: 'again', afterSeconds: 3 };
const done = { outcome: 'done', afterSeconds: 0 };

export function describeOneStepMachine(machine: OneStepMachine): void {
  const { what, file, step, input } = machine;
  const definition = loadDefinition(file);
  const tasks = taskStates(definition);
  const walked = new Set<string>();

  async function go(...answers: Answers[string]) {
    const way = await walk(definition, input, { [step]: answers });
    for (const edge of way.edges) walked.add(edge);
    return way;
  }

  describe(what, () => {
    keepsTheRulesOfEveryMachine(definition, machine.maxDelaySeconds, machine.functionSeconds);

    it('has one step, which is told its name, the execution’s, and what the last one answered', () => {
      expect(tasks.map(([name, { Parameters }]) => [name, Parameters])).toEqual([
        [step, { step, 'owner.$': '$$.Execution.Name', 'state.$': '$' }],
      ]);
      expect(isStepCall({ step, owner: 'walk', state: {} })).toBe(true);
      expect(isStepCall({ ...input, status: true })).toBe(false);
      // What starts it is a state that the step takes.
      expect(machine.parse(input)).toMatchObject({ rounds: 0 });
    });

    it('does it, waits as long as it is told, and does it again until it is done', async () => {
      const { visited, failed } = await go(again, again, done);
      const round = [step, `After${step}`, `WaitTo${step}`];
      expect(visited).toEqual([...round, ...round, step, `After${step}`, 'Done']);
      expect(failed).toBeUndefined();
      expect(definition.States[`WaitTo${step}`]?.SecondsPath).toBe('$.afterSeconds');
    });

    it(`ends where ${machine.over}, or another execution has it`, async () => {
      const { visited, failed } = await go({ outcome: 'over' });
      expect([visited.at(-1), failed]).toEqual(['Over', undefined]);
    });

    it.each([
      ['a throttle of Lambda', named('Lambda.TooManyRequestsException')],
      ['a surprise', named('Surprise')],
    ])('tries the step again after %s', async (_what, error) => {
      const { visited } = await go(error, again, done);
      expect(visited.at(-1)).toBe('Done');
    });

    it('fails where the step keeps failing or answers nonsense', async () => {
      for (const answer of [named('Surprise'), { outcome: 'dance' }]) {
        expect((await go(answer)).visited.at(-1)).toBe('Failed');
      }
    });

    it('hands over before a history can be full, even where every step is tried as often as it may', () => {
      const retries = tasks.flatMap(([, { Retry = [] }]) => Retry.map(({ MaxAttempts }) => MaxAttempts));
      // A Task is entered, scheduled, started, over and left; a try more is scheduled, started and failed.
      const events = 5 + 3 * retries.reduce((sum, one) => sum + one, 0);
      const choiceAndWait = 4;
      expect(ROUNDS_MOST * (events + choiceAndWait)).toBeLessThan(EXECUTION_HISTORY_EVENTS - events - 100);
    });

    it('has no transition and no retrier that the walks above have not used', () => {
      expect([...allEdges(definition)].filter((edge) => !walked.has(edge))).toEqual([]);
    });
  });
}
