import { describeGiven } from './config-record/given.ts';
import { type Problem, problemMessage } from './problems.ts';
import { Refused } from './refused.ts';

/** One error that says all of it. */
export function invalidInput(problems: readonly Problem[]): Refused {
  return new Refused('InvalidInput', `the input is wrong: ${problems.map(problemMessage).join('; ')}`);
}

export function notAMap(raw: unknown): Problem {
  return {
    path: 'input',
    code: 'WrongType',
    allowed: 'a map of fields',
    given: describeGiven(raw, true),
    hint: 'give a map with at least a pipelineId',
  };
}
