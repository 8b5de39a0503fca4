import { fieldProblems } from '../config-record/field-problems.ts';
import { describeGiven, isMap } from '../config-record/given.ts';
import { invalidInput } from '../invalid-input.ts';
import { type ControlRequest, controlRequestSchema } from './control.ts';

/**
 * Reads what somebody asks of a rollout.
 * @throws {Refused} `InvalidInput`, with everything that is wrong
 */
export function parseControl(raw: unknown): ControlRequest {
  if (!isMap(raw)) {
    throw invalidInput([
      {
        path: 'input',
        code: 'WrongType',
        allowed: 'a map of fields',
        given: describeGiven(raw, true),
        hint: 'give a map with at least an action',
      },
    ]);
  }
  const parsed = controlRequestSchema.safeParse(raw);
  if (!parsed.success) throw invalidInput(fieldProblems(controlRequestSchema, raw, []));
  return parsed.data;
}
