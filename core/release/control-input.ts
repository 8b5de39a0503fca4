import { fieldProblems } from '../config-record/field-problems.ts';
import { givenMap, invalidInput } from '../invalid-input.ts';
import { type ControlRequest, controlRequestSchema } from './control.ts';

/**
 * Reads what somebody asks of a rollout.
 * @throws {Refused} `InvalidInput`, with everything that is wrong
 */
export function parseControl(input: unknown): ControlRequest {
  const raw = givenMap(input, 'action');
  const parsed = controlRequestSchema.safeParse(raw);
  if (!parsed.success) throw invalidInput(fieldProblems(controlRequestSchema, raw, []));
  return parsed.data;
}
