import type * as z from 'zod';
import { fieldProblems, unknownFields } from './config-record/field-problems.ts';
import { describeGiven, isMap } from './config-record/given.ts';
import { type Problem, problemMessage } from './problems.ts';
import { Refused } from './refused.ts';

/** What a function is given, before anything is known of its fields. */
export type GivenMap = Readonly<Record<string, unknown>>;

/** One error that says all of it. */
export function invalidInput(problems: readonly Problem[]): Refused {
  return new Refused('InvalidInput', `the input is wrong: ${problems.map(problemMessage).join('; ')}`);
}

/**
 * @param needed a field that every such input has
 * @throws {Refused} `InvalidInput` where it is no map of fields
 */
export function givenMap(raw: unknown, needed: string): GivenMap {
  if (isMap(raw)) return raw;
  throw invalidInput([
    {
      path: 'input',
      code: 'WrongType',
      allowed: 'a map of fields',
      given: describeGiven(raw, true),
      hint: `give a map with at least ${/^[aeiou]/.test(needed) ? 'an' : 'a'} ${needed}`,
    },
  ]);
}

/**
 * Everything wrong with an input's fields, one by one.
 * @param known all the fields that it may have, where some are read elsewhere
 */
export function inputProblems(
  raw: GivenMap,
  fields: Readonly<Record<string, z.ZodType>>,
  known: readonly string[] = Object.keys(fields),
): Problem[] {
  const unknown = Object.keys(raw).filter((key) => !known.includes(key));
  return [
    ...unknownFields(unknown, raw, [], known),
    ...Object.entries(fields).flatMap(([field, schema]) =>
      schema.safeParse(raw[field]).success ? [] : fieldProblems(schema, raw[field], [field]),
    ),
  ];
}
